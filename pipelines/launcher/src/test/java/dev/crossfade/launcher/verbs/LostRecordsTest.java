package dev.crossfade.launcher.verbs;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.crossfade.io.kafka.TopicEnd;
import dev.crossfade.launcher.testing.Call;
import dev.crossfade.launcher.testing.OpenSandbox;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows are to be computed again, and a part of what they were computed of is gone. */
class LostRecordsTest {
  private static final String SETTINGS = "src/test/resources/flows/takings.yaml";
  private static final String NINE = "2001-03-05T09:00:00Z/2001-03-05T10:00:00Z";
  private static final String TEN = "2001-03-05T10:00:00Z/2001-03-05T11:00:00Z";

  @TempDir private Path scratch;

  private Map<String, String> environment;
  private String topic;

  @Test
  void whatKafkaHasLetGoIsNotLeftOutInSilence() throws Exception {
    open("let_go");
    publish(sale(9, "a"), sale(9, "b"), sale(10, "a"), "no sale", sale(9, "c"), sale(11, "a"));
    succeed(call("run", "--source=stream", "--checkpoints=" + scratch));
    mendTheLetter();
    deleteBefore(1);
    String before = lane();

    for (Call refused :
        List.of(call("restate", "--windows=" + NINE, "--reason=test"), call("dlq", "replay"))) {
      assertThat(refused.toString(), refused.exitCode(), is(7));
      assertThat(
          refused.err(),
          allOf(
              containsString("[2001-03-05T09:00:00Z, 2001-03-05T10:00:00Z): let_go[0] holds"),
              containsString("nothing before position 1 any more; the window's 3 events of it"),
              containsString("were at 0 to 4"),
              containsString("nothing was replaced"),
              containsString("--accept-loss")));
      assertThat(lane(), is(before));
    }

    succeed(call("restate", "--windows=" + TEN, "--reason=of which nothing is gone"));
    assertThat(call("ledger").out(), not(containsString("loss accepted")));

    succeed(call("restate", "--windows=" + NINE, "--reason=test", "--accept-loss=it was a test"));
    assertThat(lane(), is(not(before)));
    Call ledger = call("ledger", "--lane=stream");
    succeed(ledger);
    assertThat(
        ledger.out(),
        containsString("loss accepted (it was a test): [2001-03-05T09:00:00Z, 2001-03-05T10"));
    succeed(call("restate", "--windows=" + NINE, "--reason=it stands on what there is now"));
  }

  /** As compaction does it: the offsets are there, and records between them are not. */
  @Test
  void recordsThatVanishInTheMiddleAreMissedBeforeAnythingIsReplaced() throws Exception {
    open("vanished");
    publish(sale(9, "a"), sale(9, "b"), sale(9, "c"), sale(10, "a"));
    succeed(call("run", "--source=stream", "--checkpoints=" + scratch));
    execute(
        "UPDATE crossfade.window_sources SET events = 4 WHERE lane = 'stream'"
            + " AND window_start = '2001-03-05T09:00:00Z'");
    String before = lane();

    Call refused = call("restate", "--windows=" + NINE, "--reason=test");

    assertThat(refused.toString(), refused.exitCode(), is(7));
    assertThat(
        refused.err(),
        containsString("vanished[0] has 3 events of it, and the window was computed of 4"));
    assertThat(lane(), is(before));
    succeed(call("restate", "--windows=" + NINE, "--reason=why not", "--accept-loss"));
    assertThat(call("ledger").out(), containsString("loss accepted (why not): "));
  }

  @Test
  void aTopicThatWasMadeAnewIsNotTheOneThatTheWindowsAreOf() throws Exception {
    open("anew");
    publish(sale(9, "a"), sale(10, "a"));
    succeed(call("run", "--source=stream", "--checkpoints=" + scratch));
    execute("UPDATE crossfade.inputs SET identity = 'that of the topic before'");

    Call refused = call("restate", "--windows=" + NINE, "--reason=test");

    assertThat(refused.toString(), refused.exitCode(), is(7));
    assertThat(refused.err(), containsString("anew[0] was made anew since"));
  }

  /** Nothing of a batch's sources is a stream's: there only the sums can be compared. */
  @Test
  void anInputThatHasBecomeSmallerIsNotTakenForTheWhole() throws Exception {
    open("smaller");
    Path file = scratch.resolve("sales.json");
    Files.write(file, List.of(sale(9, "a"), sale(9, "b"), sale(10, "a")));
    String batch = "--set=sources.batch.path=" + file;
    publish(sale(9, "a"), sale(9, "b"), sale(10, "a"));
    succeed(call("run", "--source=stream", "--checkpoints=" + scratch, batch));
    succeed(call("run", "--source=batch", batch));
    succeed(call("restate", "--windows=" + NINE, "--input=batch", "--reason=as many", batch));
    Files.write(file, List.of(sale(9, "a"), sale(10, "a")));
    String before = lane();

    Call refused = call("restate", "--windows=" + NINE, "--input=batch", "--reason=x", batch);

    assertThat(refused.toString(), refused.exitCode(), is(7));
    assertThat(
        refused.err(),
        containsString("the input has 1 events of it, and the window was computed of 2"));
    assertThat(lane(), is(before));
  }

  /** A row that was deleted in the source system is no loss, and yet is told. */
  @Test
  void aScheduledRunTakesWhatTheSourceSystemHoldsNow() throws Exception {
    open("deleted");
    Path file = scratch.resolve("sales.json");
    Files.write(file, List.of(sale(9, "a"), sale(9, "b"), sale(10, "a")));
    String batch = "--set=sources.batch.path=" + file;
    succeed(call("run", "--source=batch", batch));
    Files.write(file, List.of(sale(9, "a"), sale(10, "a")));

    succeed(
        call(
            "run",
            "--source=batch",
            "--from=2001-03-05T09:00:00Z",
            "--to=2001-03-05T10:00:00Z",
            batch));

    Call ledger = call("ledger", "--lane=batch");
    succeed(ledger);
    assertThat(
        ledger.out(),
        allOf(
            containsString("the source system holds less than before: [2001-03-05T09:00:00Z"),
            containsString("has 1 events of it, and the window was computed of 2")));
  }

  private void open(String name) throws Exception {
    topic = name;
    environment = OpenSandbox.emptyDatabase(name);
  }

  private Call call(String... arguments) {
    return Call.of(
        environment,
        Call.arguments(arguments, "--flow=" + SETTINGS, "--set=sources.stream.topic=" + topic));
  }

  private static void succeed(Call call) {
    assertThat(call.toString(), call.exitCode(), is(0));
  }

  private static String sale(int hour, String shop) {
    return "{\"sold_at\":\"2001-03-05T%02d:30:00Z\",\"shop\":\"%s\",\"net\":1,\"tax\":1,\"total\":2}"
        .formatted(hour, shop);
  }

  private void publish(String... records) throws Exception {
    Properties client = OpenSandbox.kafkaClient();
    try (Admin admin = Admin.create(client)) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
    StringSerializer text = new StringSerializer();
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(client, text, text)) {
      for (String record : records) {
        producer.send(new ProducerRecord<>(topic, record)).get();
      }
    }
    TopicEnd.declare(client, topic);
  }

  private void deleteBefore(long offset) throws Exception {
    try (Admin admin = Admin.create(OpenSandbox.kafkaClient())) {
      admin
          .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(offset)))
          .all()
          .get();
    }
  }

  /** What was no sale is one, as if the decoder had been mended. */
  private void mendTheLetter() throws Exception {
    StringBuilder hex = new StringBuilder();
    for (byte b : sale(9, "d").getBytes(StandardCharsets.UTF_8)) {
      hex.append("%02x".formatted(b));
    }
    execute("UPDATE crossfade.dead_letters SET bytes = '\\x" + hex + "'");
  }

  private void execute(String sql) throws Exception {
    try (Connection db = OpenSandbox.connect(environment)) {
      OpenSandbox.execute(db, sql);
    }
  }

  /** What the lane holds, and what is closed of it by which run. */
  private String lane() throws Exception {
    List<String> rows = new ArrayList<>();
    try (Connection db = OpenSandbox.connect(environment);
        Statement statement = db.createStatement()) {
      for (String table : List.of("takings", "closed_windows", "dead_letters")) {
        try (ResultSet row =
            statement.executeQuery(
                "SELECT t::text FROM crossfade."
                    + table
                    + " t WHERE lane IN ('stream', 'batch') ORDER BY 1")) {
          while (row.next()) {
            rows.add(row.getString(1));
          }
        }
      }
    }
    return String.join("\n", rows);
  }
}
