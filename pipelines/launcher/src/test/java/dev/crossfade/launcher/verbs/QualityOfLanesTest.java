package dev.crossfade.launcher.verbs;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.crossfade.io.kafka.TopicEnd;
import dev.crossfade.launcher.testing.Call;
import dev.crossfade.launcher.testing.OpenSandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five hours of sales. The first is as the rules of the settings say, and in each of the others one
 * of them is violated: a city is not known, a total is too great, parts do not add up, and most of
 * the sales are missing.
 */
class QualityOfLanesTest {
  private static final Path FLOWS = Path.of("src/test/resources/flows");
  private static final String CITIES = "null share of city at most 0.25";
  private static final String TOTALS = "total at least 0 and at most 500";
  private static final String SUMS = "net + tax = total";
  private static final String VOLUME = "volume from 0.5 to 2 of that PT1H before";

  @TempDir private static Path scratch;

  private static Call batch;
  private static Call stream;
  private static Path summary;

  @BeforeAll
  static void runBothLanes() throws Exception {
    publish(Files.readAllLines(FLOWS.resolve("takings.json")));
    summary = scratch.resolve("summary.json");
    batch = call("run", "--source=batch", "--summary=" + summary);
    stream = call("run", "--source=stream", "--checkpoints=" + scratch);
    assertThat(batch.err(), batch.exitCode(), is(0));
    assertThat(stream.err(), stream.exitCode(), is(0));
  }

  @Test
  void findsEachPlantedViolationInEachLane() throws Exception {
    for (String lane : List.of("batch", "stream")) {
      assertThat(
          lane,
          findings(lane),
          contains(
              "09 PASSED " + SUMS + ": 0 of 2 rows whose parts add up to something else",
              "09 PASSED " + CITIES + ": 0 of 2 rows without a value",
              "09 PASSED " + TOTALS + ": 0 of 2 rows outside",
              "09 INCONCLUSIVE " + VOLUME + ": 3 events, and no closed window to compare with",
              "10 PASSED " + SUMS + ": 0 of 3 rows whose parts add up to something else",
              "10 VIOLATED " + CITIES + ": 1 of 3 rows without a value",
              "10 PASSED " + TOTALS + ": 0 of 3 rows outside",
              "10 PASSED " + VOLUME + ": 3 events, and 3 in " + hour("09", "10"),
              "11 PASSED " + SUMS + ": 0 of 2 rows whose parts add up to something else",
              "11 PASSED " + CITIES + ": 0 of 2 rows without a value",
              "11 VIOLATED " + TOTALS + ": 1 of 2 rows outside",
              "11 PASSED " + VOLUME + ": 3 events, and 3 in " + hour("10", "11"),
              "12 VIOLATED " + SUMS + ": 1 of 2 rows whose parts add up to something else",
              "12 PASSED " + CITIES + ": 0 of 2 rows without a value",
              "12 PASSED " + TOTALS + ": 0 of 2 rows outside",
              "12 PASSED " + VOLUME + ": 3 events, and 3 in " + hour("11", "12"),
              "13 PASSED " + SUMS + ": 0 of 1 rows whose parts add up to something else",
              "13 PASSED " + CITIES + ": 0 of 1 rows without a value",
              "13 PASSED " + TOTALS + ": 0 of 1 rows outside",
              "13 VIOLATED " + VOLUME + ": 1 events, and 3 in " + hour("12", "13")));
    }
  }

  @Test
  void aRunTellsWhatWasViolatedAndSucceeds() throws Exception {
    for (Call call : List.of(batch, stream)) {
      assertThat(
          call.out(),
          containsString(
              "\nquality: passed 15, violated 4, inconclusive 1\n  "
                  + hour("10", "11")
                  + ": "
                  + CITIES
                  + ": 1 of 3 rows without a value\n"));
    }
    assertThat(
        Files.readString(summary),
        containsString("\"quality\":{\"passed\":15,\"violated\":4,\"inconclusive\":1,"));
  }

  @Test
  void theLedgerShowsEveryFinding() {
    assertThat(
        call("ledger", "--lane=stream").out(),
        containsString(
            hour("11", "12") + "      2 violated     " + TOTALS + ": 1 of 2 rows outside\n"));
    String ofOneHour =
        call("ledger", "--window=2001-03-05T09:00:00Z/2001-03-05T10:00:00Z", "--lane=stream").out();
    assertThat(ofOneHour, containsString("inconclusive " + VOLUME));
    assertThat(ofOneHour, not(containsString("violated")));
  }

  @Test
  void aRestatementJudgesItsWindowsAndThoseThatAreComparedWithThem() throws Exception {
    List<String> before = findings("stream");
    try (Connection db = OpenSandbox.connect(OpenSandbox.environment())) {
      OpenSandbox.execute(
          db,
          "UPDATE crossfade.quality SET passed = NULL, found = 'unknown' WHERE lane = 'stream'"
              + " AND rule LIKE 'volume%' AND window_start >= '2001-03-05T12:00:00Z'");
    }
    assertThat(findings("stream"), is(not(before)));

    Call restated =
        call(
            "restate",
            "--windows=2001-03-05T12:00:00Z/2001-03-05T13:00:00Z",
            "--input=batch",
            "--reason=test");

    assertThat(restated.err(), restated.exitCode(), is(0));
    assertThat(restated.out(), containsString("\nquality: passed 3, violated 1, inconclusive 0\n"));
    assertThat(findings("stream"), is(before));
  }

  /** Of each finding the hour, the verdict, the rule and what there was. */
  private static List<String> findings(String lane) throws Exception {
    Call call = call("ledger", "--json", "--lane=" + lane);
    assertThat(call.err(), call.exitCode(), is(0));
    List<String> findings = new ArrayList<>();
    for (JsonNode finding : call.json().at("/lanes/0/quality")) {
      findings.add(
          finding.at("/window/start").asText().substring(11, 13)
              + " "
              + finding.get("verdict").asText()
              + " "
              + finding.get("rule").asText()
              + ": "
              + finding.get("found").asText());
    }
    return findings;
  }

  private static String hour(String from, String to) {
    return "[2001-03-05T" + from + ":00:00Z, 2001-03-05T" + to + ":00:00Z)";
  }

  private static void publish(List<String> records) throws Exception {
    Properties client = OpenSandbox.kafkaClient();
    try (Admin admin = Admin.create(client)) {
      admin.createTopics(List.of(new NewTopic("takings", 1, (short) 1))).all().get();
    }
    StringSerializer text = new StringSerializer();
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(client, text, text)) {
      for (String record : records) {
        producer.send(new ProducerRecord<>("takings", record)).get();
      }
    }
    TopicEnd.declare(client, "takings");
  }

  private static Call call(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--flow=" + FLOWS.resolve("takings.yaml"));
    all.add("--sandbox=" + OpenSandbox.directory());
    return Call.of(Map.of(), all.toArray(String[]::new));
  }
}
