package dev.crossfade.io.kafka;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.crossfade.io.Reading;
import dev.crossfade.io.ReadingsFlow;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;

/** The topic changes while it is read. */
class TopicWatchTest {
  private static final Duration OFTEN = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final String RECORD = Reading.json("2001-02-03T04:00:00Z", "s", 1);

  @Test
  void aTopicMadeAnewStopsTheReaderThatWatches() throws Exception {
    KafkaTopic topic = Topics.create(1);
    Topics.append(topic, 0, List.of(RECORD));
    try (PartitionReader reader = reader(topic, 0, OFTEN, LONG, null)) {
      reader.start();
      await()
          .until(
              () -> {
                reader.advance();
                return reader.getCheckpointMark().nextOffset() == 1;
              });
      Topics.delete(topic);
      Topics.create(topic.name(), 1);
      Topics.append(topic, 0, List.of(RECORD, RECORD));

      assertThat(
          failureOf(reader),
          allOf(
              containsString("the topic " + topic),
              containsString("was deleted and made anew since the run began")));
    }
  }

  @Test
  void whereATopicMadeAnewIsShorterTheReaderSaysSoAtOnce() throws Exception {
    KafkaTopic topic = Topics.create(2);
    Topics.append(topic, 1, List.of(RECORD, RECORD));
    try (PartitionReader reader = reader(topic, 1, LONG, LONG, new PartitionMark(2, 0, false))) {
      Topics.delete(topic);
      Topics.create(topic.name(), 2);
      reader.start();

      assertThat(failureOf(reader), containsString("was deleted and made anew"));
    }
  }

  @Test
  void partitionsThatWereAddedStopTheReaderThatWatches() throws Exception {
    KafkaTopic topic = Topics.create(2);
    try (PartitionReader reader = reader(topic, 0, OFTEN, LONG, null)) {
      reader.start();
      reader.advance();
      Topics.addPartitions(topic, 3);

      assertThat(
          failureOf(reader), containsString("has 3 partitions and had 2 when the run began"));
    }
  }

  @Test
  void aTopicThatIsGoneForTooLongStopsTheReaderThatWatches() throws Exception {
    KafkaTopic topic = Topics.create(1);
    try (PartitionReader patient = reader(topic, 0, OFTEN, LONG, null);
        PartitionReader reader = reader(topic, 0, OFTEN, Duration.ofSeconds(1), null)) {
      patient.start();
      reader.start();
      Topics.delete(topic);

      assertThat(
          failureOf(reader),
          containsString(
              "there is no topic " + topic + " any more: brokers have said so for PT1S"));
      assertThat(patient.advance(), is(false));
    }
  }

  @Test
  void fromBesideATopicIsSeenToBeDeletedAndToBeMadeAnew() throws Exception {
    KafkaTopic topic = Topics.create(1);
    KafkaTopic nowhere = topic.named("never_there");
    try (TopicPresence presence = new TopicPresence(topic, Duration.ofMillis(500));
        TopicPresence patient = new TopicPresence(topic, LONG);
        TopicPresence never = new TopicPresence(nowhere, Duration.ZERO)) {
      assertThat(presence.whatIsWrong(), is(Optional.empty()));
      assertThat(patient.whatIsWrong(), is(Optional.empty()));
      Topics.delete(topic);

      await().atMost(Duration.ofSeconds(30)).until(() -> presence.whatIsWrong().isPresent());
      assertThat(
          presence.whatIsWrong().orElseThrow(),
          containsString("the topic " + topic + " was deleted"));
      assertThat("a broker may have to learn of it", patient.whatIsWrong(), is(Optional.empty()));
      assertThat("one that never was", never.whatIsWrong(), is(Optional.empty()));

      Topics.create(topic.name(), 1);
      await().atMost(Duration.ofSeconds(30)).until(() -> patient.whatIsWrong().isPresent());
      assertThat(patient.whatIsWrong().orElseThrow(), containsString("made anew"));
    }
  }

  private static String failureOf(PartitionReader reader) {
    AtomicReference<String> failure = new AtomicReference<>();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              try {
                reader.advance();
                return false;
              } catch (IOException e) {
                failure.set(e.getMessage());
                return true;
              }
            });
    return failure.get();
  }

  private static PartitionReader reader(
      KafkaTopic topic, int partition, Duration every, Duration missing, PartitionMark mark)
      throws IOException {
    TopicBlocks split =
        TopicBlocks.of(
                topic, ReadingsFlow.TIMES, ReadingsFlow.WINDOWS, LONG, IdleAdvances.NONE, false)
            .watchedAt(new TopicWatch.Times(every, missing))
            .split(1, PipelineOptionsFactory.create())
            .get(partition);
    return (PartitionReader) split.createReader(PipelineOptionsFactory.create(), mark);
  }
}
