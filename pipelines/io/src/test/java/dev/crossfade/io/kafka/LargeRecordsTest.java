package dev.crossfade.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;

import dev.crossfade.io.Reading;
import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.io.Servers;
import dev.crossfade.io.Sql;
import dev.crossfade.io.files.FileSelection;
import dev.crossfade.io.files.ReadFiles;
import dev.crossfade.io.jdbc.RunTarget;
import dev.crossfade.io.jdbc.WriteToStore;
import dev.crossfade.transforms.graph.ComputeFlow;
import dev.crossfade.transforms.graph.FlowPlan;
import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.records.RecordFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Garbage of a great size, from where it is read to where it is kept, and the records beside it.
 */
class LargeRecordsTest {
  private static final EventTimes TIMES =
      new EventTimes(
          "at", null, Instant.parse("2001-01-01T00:00:00Z"), Instant.parse("2001-12-31T00:00:00Z"));

  private static final String GOOD = Reading.json("2001-02-03T04:05:06Z", "s", 1);

  @TempDir Path directory;

  @BeforeEach
  void createTables() throws Exception {
    Sql.createStore(ReadingsFlow.plan().table());
  }

  @Test
  void aLineOfThreeMegabytesIsKeptWholeAndTheRestIsComputed() throws Exception {
    String garbage = garbage(3_000_000);
    Path file = directory.resolve("a.jsonl");
    Files.writeString(file, String.join("\n", GOOD, garbage, GOOD));

    run(ReadFiles.of(FileSelection.of(file.toString()).files(), new RecordFormat.Json()));

    assertKept(file + ":2", garbage);
  }

  @Test
  void aRecordOfATopicThatIsAlmostAsLargeAsItTakesIsKeptWholeAndTheRestIsComputed()
      throws Exception {
    String garbage = garbage(900_000);
    KafkaTopic topic = Topics.create(1);
    Topics.append(topic, 0, List.of(GOOD, garbage, GOOD));
    TopicEnd.declare(topic);

    run(
        ReadTopic.of(
            topic, TIMES, ReadingsFlow.WINDOWS, Duration.ofMillis(200), IdleAdvances.NONE, true));

    assertKept(topic.name() + "[0]:1", garbage);
  }

  private static void run(PTransform<PBegin, PCollection<Block>> source) {
    FlowPlan<Reading> plan = ReadingsFlow.plan(TIMES);
    RunTarget target = new RunTarget("lane", 1, 1, false, "logic", Duration.ofSeconds(2));
    Pipeline pipeline = Pipeline.create();
    Pipeline.applyTransform(
        "Write",
        pipeline
            .apply("Source", source)
            .apply("Compute", ComputeFlow.of(plan, new RecordFormat.Json())),
        WriteToStore.of(Servers.postgres(), plan, target, Optional.empty()));
    pipeline.run().waitUntilFinish();
  }

  private static void assertKept(String origin, String garbage) throws Exception {
    byte[] bytes = garbage.getBytes(UTF_8);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
    assertThat(
        Sql.query(
            "SELECT origin, step, length(bytes), encode(sha256(bytes), 'hex'), length(message) <"
                + " 2000 FROM crossfade.dead_letters"),
        contains(
            origin + "|DECODE|" + bytes.length + "|" + HexFormat.of().formatHex(digest) + "|t"));
    assertThat(Sql.query("SELECT \"order\" FROM crossfade.readings"), contains("2"));
  }

  private static String garbage(int length) {
    return "{\"at\":\"" + "\u00fc\u001b".repeat(length / 3);
  }
}
