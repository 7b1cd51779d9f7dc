package dev.crossfade.io.kafka;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.io.Reading;
import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.io.Servers;
import dev.crossfade.transforms.records.Block;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The broker goes away while it is read from, or is away when reading begins. */
class BrokerOutageTest {
  private static final Duration SOON = Duration.ofMillis(200);

  /** Long enough for a question to be asked and to fail. */
  private static final Duration OUTAGE = Duration.ofSeconds(7);

  private final List<Long> offsets = new ArrayList<>();
  private Duration longestAdvance = Duration.ZERO;

  @AfterEach
  void startTheBrokerAgain() throws Exception {
    Servers.broker().start();
  }

  /** The reader of the first partition asks whether the topic is the same. */
  @Test
  void whatIsReadGoesOnAtTheNextOffsetWhenTheBrokerIsBack() throws Exception {
    KafkaTopic topic = Topics.create(2);
    Topics.append(topic, 0, records(50));
    try (PartitionReader reader = reader(splits(topic).get(0), null)) {
      reader.start();
      readTo(reader, 20);
      Servers.broker().stop();
      advanceDuring(reader, OUTAGE);
      Servers.broker().start();
      Topics.append(topic, 0, records(50));
      readTo(reader, 100);
    }
    assertThat(offsets, is(LongStream.range(0, 100).boxed().toList()));
    assertThat(longestAdvance, is(lessThan(Duration.ofSeconds(10))));
  }

  /** The reader of an idle partition asks for the ends of the others. */
  @Test
  void anIdlePartitionWaitsForTheBrokerAsWell() throws Exception {
    KafkaTopic topic = Topics.create(2);
    Topics.append(topic, 1, records(20));
    try (PartitionReader reader = reader(splits(topic).get(1), null)) {
      reader.start();
      readTo(reader, 20);
      Servers.broker().stop();
      advanceDuring(reader, OUTAGE);
      Servers.broker().start();
      Topics.append(topic, 1, records(10));
      readTo(reader, 30);
    }
    assertThat(offsets, is(LongStream.range(0, 30).boxed().toList()));
    assertThat(longestAdvance, is(lessThan(Duration.ofSeconds(10))));
  }

  @Test
  void aReaderThatBeginsWhileTheBrokerIsAwayWaitsForIt() throws Exception {
    KafkaTopic topic = Topics.create(2);
    Topics.append(topic, 0, records(5));
    Topics.append(topic, 1, records(5));
    List<TopicBlocks> splits = splits(topic);
    Servers.broker().stop();
    for (int partition : new int[] {0, 1}) {
      for (long from : new long[] {PartitionMark.BEGINNING, 3}) {
        offsets.clear();
        PartitionMark mark = new PartitionMark(from, 0, false);
        try (PartitionReader reader = reader(splits.get(partition), mark)) {
          assertThat(reader.start(), is(true));
          advanceDuring(reader, Duration.ofSeconds(1));
          assertThat("what was not begun is kept", reader.getCheckpointMark(), is(mark));
          Servers.broker().start();
          readTo(reader, 5);
        }
        assertThat(offsets, is(LongStream.range(Math.max(0, from), 5).boxed().toList()));
        Servers.broker().stop();
      }
    }
    assertThat(longestAdvance, is(lessThan(Duration.ofSeconds(10))));
  }

  @Test
  void aBrokerWhoseNameIsNotKnownNowIsWaitedFor() {
    KafkaException unknown =
        assertThrows(
            KafkaException.class,
            () ->
                TopicBlocks.newConsumer(KafkaTopic.of("no.such.host.invalid:9092", "t"), 1)
                    .close());
    KafkaException wrong =
        assertThrows(
            KafkaException.class,
            () ->
                TopicBlocks.newConsumer(
                        new KafkaTopic(Servers.kafka(), "t", Map.of("security.protocol", "NONE")),
                        1)
                    .close());

    assertThat(Outage.explains(unknown), is(true));
    assertThat(Outage.explains(wrong), is(false));
  }

  private void advanceDuring(PartitionReader reader, Duration time) {
    await().during(time).atMost(Duration.ofMinutes(2)).until(() -> advance(reader));
  }

  private void readTo(PartitionReader reader, long until) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> advance(reader) && reader.getCheckpointMark().nextOffset() >= until);
  }

  /** True, unless reading fails. */
  private boolean advance(PartitionReader reader) throws Exception {
    long before = System.nanoTime();
    boolean more = reader.advance();
    Duration took = Duration.ofNanos(System.nanoTime() - before);
    longestAdvance = took.compareTo(longestAdvance) > 0 ? took : longestAdvance;
    if (more) {
      Block block = reader.getCurrent();
      for (int i = 0; i < block.size(); i++) {
        offsets.add(block.origin(i).position());
      }
    }
    return true;
  }

  private static List<TopicBlocks> splits(KafkaTopic topic) throws Exception {
    return TopicBlocks.of(
            topic, ReadingsFlow.TIMES, ReadingsFlow.WINDOWS, SOON, IdleAdvances.NONE, false)
        .withMaxBlockRecords(5)
        .watchedAt(new TopicWatch.Times(SOON, Duration.ofMinutes(5)))
        .split(1, PipelineOptionsFactory.create());
  }

  private static PartitionReader reader(TopicBlocks split, PartitionMark mark) {
    UnboundedSource.UnboundedReader<Block> reader =
        split.createReader(PipelineOptionsFactory.create(), mark);
    return (PartitionReader) reader;
  }

  private static List<String> records(int count) {
    Instant at = Instant.parse("2001-02-03T04:00:00Z");
    return IntStream.range(0, count).mapToObj(i -> Reading.json(at.toString(), "s", i)).toList();
  }
}
