package dev.crossfade.io.kafka;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.crossfade.io.Reading;
import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.io.Servers;
import dev.crossfade.io.Sql;
import dev.crossfade.io.credentials.Credentials;
import dev.crossfade.io.jdbc.Database;
import dev.crossfade.io.jdbc.RunTarget;
import dev.crossfade.io.jdbc.StoredIdleAdvances;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.beam.runners.core.construction.SerializablePipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;

/** A split out of a checkpoint, resumed by a graph that was given other addresses. */
class CurrentTopicsTest {
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Database GONE =
      Servers.database("jdbc:postgresql://127.0.0.1:1/x", "u", "hunter3");

  @Test
  void aResumedSplitReadsFromWhereTheGraphOfNowSays() throws Exception {
    Sql.createStore(ReadingsFlow.plan().table());
    KafkaTopic topic = Topics.create(2);
    String record = Reading.json("2001-02-03T04:00:00Z", "s", 1);
    Topics.append(topic, 1, List.of(record, record, record));
    TopicBlocks split =
        TopicBlocks.of(
                topic, ReadingsFlow.TIMES, ReadingsFlow.WINDOWS, NEVER, IdleAdvances.NONE, false)
            .split(1, PipelineOptionsFactory.create())
            .get(1);
    PartitionMark mark = new PartitionMark(1, 0, false);
    // As if it had been kept when broker and store were elsewhere.
    TopicBlocks kept;
    try (PartitionReader reader =
        reader(
            split, onAWorker(graphThatReads(KafkaTopic.of("127.0.0.1:1", topic.name()), GONE)))) {
      kept = SerializableUtils.clone(reader.getCurrentSource());
    }
    KafkaTopic now = Servers.topic(topic.name(), Map.of("client.id", "new"));

    try (PartitionReader reader =
        (PartitionReader)
            kept.createReader(onAWorker(graphThatReads(now, Servers.postgres())), mark)) {
      assertThat(reader.getCurrentSource().topic(), is(now));
      assertThat(
          "known by what it was", reader.getCurrentSource().identity(), is(split.identity()));
      reader.start();
      await()
          .until(
              () -> {
                reader.advance();
                return reader.getCheckpointMark().nextOffset() == 3;
              });
    }
  }

  @Test
  void optionsThatSayNothingOfATopicLeaveTheSplitWhatItWas() throws Exception {
    KafkaTopic topic = Topics.create(1);
    TopicBlocks split =
        TopicBlocks.of(
                topic, ReadingsFlow.TIMES, ReadingsFlow.WINDOWS, NEVER, IdleAdvances.NONE, false)
            .split(1, PipelineOptionsFactory.create())
            .get(0);
    for (PipelineOptions options :
        List.of(
            PipelineOptionsFactory.create(),
            onAWorker(graphThatReads(KafkaTopic.of("127.0.0.1:1", "other"), GONE)))) {
      try (PartitionReader reader = reader(split, options)) {
        assertThat(reader.getCurrentSource().topic(), is(topic));
      }
    }
  }

  @Test
  void secretsAreNeitherInTheOptionsNorShown() throws Exception {
    KafkaTopic topic =
        KafkaTopic.of(
            Credentials.of("readings"),
            "sources.stream",
            "h:1",
            "t",
            Map.of("ssl.key.password", "hunter2", "client.id", "mine"));
    PipelineOptions options = graphThatReads(topic, GONE);
    PipelineOptions there = onAWorker(options);
    JsonNode json =
        new ObjectMapper()
            .readTree(new SerializablePipelineOptions(options).toString())
            .get("options")
            .get("crossfadeTopics");

    String sealed =
        new String(
            Base64.getDecoder().decode(json.get("sealed").textValue()),
            StandardCharsets.ISO_8859_1);
    assertThat(
        "what is sent to workers",
        sealed,
        allOf(containsString("mine"), not(containsString("hunter"))));
    assertThat("what Flink's web pages show", json.asText(), is(""));
    assertThat(
        String.join(
            "\n",
            options.toString(),
            there.toString(),
            json.toString(),
            DisplayData.from(options).toString(),
            DisplayData.from(there).toString()),
        allOf(containsString("[t]"), not(containsString("hunter"))));
  }

  private static PipelineOptions graphThatReads(KafkaTopic topic, Database store) {
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(
        ReadTopic.of(
            topic,
            ReadingsFlow.TIMES,
            ReadingsFlow.WINDOWS,
            NEVER,
            StoredIdleAdvances.of(
                store, "readings", new RunTarget("stream", 1, 1, false, "logic", NEVER)),
            false));
    return pipeline.getOptions();
  }

  /** Options as runners give them to their workers. */
  private static PipelineOptions onAWorker(PipelineOptions options) throws IOException {
    return SerializableUtils.clone(new SerializablePipelineOptions(options)).get();
  }

  private static PartitionReader reader(TopicBlocks split, PipelineOptions options) {
    return (PartitionReader) split.createReader(options, null);
  }
}
