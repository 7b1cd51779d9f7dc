package dev.crossfade.launcher.verbs;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import dev.crossfade.io.kafka.TopicEnd;
import dev.crossfade.launcher.testing.Call;
import dev.crossfade.launcher.testing.OpenSandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
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

/** The hours from 9 to 13 o'clock, of which the topic has lost the records of 11 o'clock. */
class LostHoursTest {
  private static final Path FLOWS = Path.of("src/test/resources/flows");
  private static final String TOPIC = "lost-hours";
  private static final String[] COVERS = {
    "--set=sources.batch.covers.from=2001-03-05T00:00:00Z",
    "--set=sources.batch.covers.to=2001-03-06T00:00:00Z"
  };

  @TempDir private static Path scratch;
  private static Map<String, String> environment;

  @BeforeAll
  static void runTheStream() throws Exception {
    environment = OpenSandbox.emptyDatabase("lost_hours");
    Properties client = OpenSandbox.kafkaClient();
    try (Admin admin = Admin.create(client)) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
    }
    StringSerializer text = new StringSerializer();
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(client, text, text)) {
      for (String record : without("11")) {
        producer.send(new ProducerRecord<>(TOPIC, record)).get();
      }
    }
    TopicEnd.declare(client, TOPIC);
    assertThatItRuns("--source=stream", "--checkpoints=" + scratch);
  }

  @Test
  void anHourThatTheTopicLostIsADifference() throws Exception {
    batchOf(without());

    Call call = reconcile("batch", "stream");

    assertThat(call.toString(), call.exitCode(), is(1));
    assertThat(call.out(), containsString("2001-03-05T11:00:00Z"));
    assertThat(reconcile("batch", "stream", "--to=2001-03-05T11:00:00Z").exitCode(), is(0));
    assertThat(reconcile("batch", "stream", "--from=2001-03-05T11:00:00Z").exitCode(), is(1));
    assertThat(reconcile("batch", "stream", "--from=noon").exitCode(), is(2));
  }

  @Test
  void twoLanesOfTheSameRecordsAreEqualThoughNobodySaysWhatTheInputCovers() throws Exception {
    batchOf(without("11"));

    Call call = reconcile("batch", "stream");

    assertThat(call.toString(), call.exitCode(), is(0));
    assertThat(call.out(), containsString("over 4 closed windows"));
  }

  @Test
  void theFirstHourThatTheFileLostCannotBeJudgedUnlessTheInputCoversIt() throws Exception {
    batchOf(without("09", "11"));
    Call call = reconcile("batch", "stream");
    assertThat(call.toString(), call.exitCode(), is(5));
    assertThat(
        call.out(),
        containsString(
            "not compared: 1 window, which cannot be judged\n"
                + "  1 in batch: nothing says that the lane is complete there:"
                + " [2001-03-05T09:00:00Z, 2001-03-05T10:00:00Z)\n"));
    assertThat(call.out(), containsString("INCONCLUSIVE"));
    JsonNode json = reconcile("batch", "stream", "--every-row", "--json").json();
    assertThat(json.get("verdict").asText(), is("INCONCLUSIVE"));
    assertThat(json.get("windows").asInt(), is(3));
    assertThat(json.at("/notCompared/windows").asInt(), is(1));
    assertThat(json.at("/notCompared/cannotBeJudged").asInt(), is(1));
    assertThat(json.at("/notCompared/why/0/lane").asText(), is("batch"));
    assertThat(json.at("/notCompared/why/0/reason").asText(), is("UNKNOWN"));
    assertThat(json.at("/notCompared/why/0/windows").asInt(), is(1));
    assertThat(json.at("/notCompared/why/0/first/0/start").asText(), is("2001-03-05T09:00:00Z"));

    batchOf(without("09", "11"), COVERS);
    call = reconcile("batch", "stream");
    assertThat(call.toString(), call.exitCode(), is(1));
    assertThat(call.out(), containsString("missing left"));
  }

  @Test
  void anHourThatTheLegacyTableLacksIsADifferenceAndAnEmptyTableSaysNothing() throws Exception {
    try (Connection db = OpenSandbox.connect(environment)) {
      OpenSandbox.execute(db, "CREATE SCHEMA reporting");
      OpenSandbox.execute(
          db,
          "CREATE TABLE reporting.takings AS SELECT * FROM crossfade.takings"
              + " WHERE lane = 'stream' AND window_start <> '2001-03-05T12:00:00Z'");
      Call call = reconcile("legacy", "stream");
      assertThat(call.toString(), call.exitCode(), is(1));

      OpenSandbox.execute(db, "DELETE FROM reporting.takings");
      call = reconcile("legacy", "stream");
      assertThat(call.toString(), call.exitCode(), is(5));
      assertThat(call.out(), containsString("not compared: 4 windows"));
    }
  }

  private static void batchOf(List<String> records, String... more) throws Exception {
    Path file = scratch.resolve("takings.json");
    Files.write(file, records);
    List<String> arguments =
        new ArrayList<>(List.of("--source=batch", "--set=sources.batch.path=" + file));
    arguments.addAll(List.of(more));
    assertThatItRuns(arguments.toArray(String[]::new));
  }

  /** The records of all hours but for some. */
  private static List<String> without(String... hours) throws Exception {
    return Files.readAllLines(FLOWS.resolve("takings.json")).stream()
        .filter(record -> Arrays.stream(hours).noneMatch(h -> record.contains("T" + h + ":")))
        .toList();
  }

  private static Call reconcile(String left, String right, String... more) {
    String[] reconcile = {"reconcile", "--left=" + left, "--right=" + right};
    return call(Call.arguments(reconcile, more));
  }

  private static void assertThatItRuns(String... arguments) {
    Call call = call(Call.arguments(new String[] {"run"}, arguments));
    assertThat(call.toString(), call.exitCode(), is(0));
  }

  private static Call call(String... arguments) {
    return Call.of(
        environment,
        Call.arguments(
            arguments,
            "--flow=" + FLOWS.resolve("takings.yaml"),
            "--set=legacy.table=reporting.takings",
            "--set=sources.stream.topic=" + TOPIC));
  }
}
