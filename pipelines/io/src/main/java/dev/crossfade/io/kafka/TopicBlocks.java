package dev.crossfade.io.kafka;

import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.BlockCoder;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.windows.Windowing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A topic as a Beam source of blocks: one split a partition, so that each can move to another
 * worker with its own position and watermark.
 */
final class TopicBlocks extends UnboundedSource<Block, PartitionMark> {
  private static final long serialVersionUID = 1L;

  /** A split that reads nothing. */
  static final int NO_PARTITION = -1;

  private static final int NOT_SPLIT = -2;

  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(20);

  /** What the system sees fit: Kafka's own 64 kB take many turns to fill for one fetch. */
  private static final Map<String, Object> USUAL = Map.of("receive.buffer.bytes", -1);

  private final KafkaTopic topic;
  private final EventTimes eventTimes;
  private final Windowing windowing;
  private final Duration idleAfter;
  private final IdleAdvances idleAdvances;
  private final boolean stopAtEnd;
  private final int partition;
  private final TopicIdentity identity;
  private final TopicWatch.Times watchTimes;
  private final int maxBlockRecords;

  private TopicBlocks(
      KafkaTopic topic,
      EventTimes eventTimes,
      Windowing windowing,
      Duration idleAfter,
      IdleAdvances idleAdvances,
      boolean stopAtEnd,
      int partition,
      TopicIdentity identity,
      TopicWatch.Times watchTimes,
      int maxBlockRecords) {
    this.topic = topic;
    this.eventTimes = eventTimes;
    this.windowing = windowing;
    this.idleAfter = idleAfter;
    this.idleAdvances = idleAdvances;
    this.stopAtEnd = stopAtEnd;
    this.partition = partition;
    this.identity = identity;
    this.watchTimes = watchTimes;
    this.maxBlockRecords = maxBlockRecords;
  }

  static TopicBlocks of(
      KafkaTopic topic,
      EventTimes eventTimes,
      Windowing windowing,
      Duration idleAfter,
      IdleAdvances idleAdvances,
      boolean stopAtEnd) {
    return new TopicBlocks(
        topic,
        eventTimes,
        windowing,
        idleAfter,
        idleAdvances,
        stopAtEnd,
        NOT_SPLIT,
        null,
        TopicWatch.Times.USUAL,
        PartitionReader.MAX_BLOCK_RECORDS);
  }

  private TopicBlocks with(
      int number, TopicIdentity known, TopicWatch.Times times, int blockRecords) {
    return new TopicBlocks(
        topic,
        eventTimes,
        windowing,
        idleAfter,
        idleAdvances,
        stopAtEnd,
        number,
        known,
        times,
        blockRecords);
  }

  private TopicBlocks ofPartition(int number, TopicIdentity known) {
    return with(number, known, watchTimes, maxBlockRecords);
  }

  /** The same in blocks of another size. */
  TopicBlocks withMaxBlockRecords(int records) {
    return with(partition, identity, watchTimes, records);
  }

  /** The same, watched at other times. */
  TopicBlocks watchedAt(TopicWatch.Times times) {
    return with(partition, identity, times, maxBlockRecords);
  }

  @Override
  public List<TopicBlocks> split(int desired, PipelineOptions options) throws IOException {
    if (partition != NOT_SPLIT) {
      return List.of(this);
    }
    List<TopicBlocks> splits = new ArrayList<>();
    TopicIdentity now;
    try {
      now = TopicIdentity.of(topic, LONGEST_ANSWER);
    } catch (UnknownTopicOrPartitionException e) {
      throw new IOException("there is no topic " + topic, e);
    } catch (KafkaException e) {
      throw new IOException("cannot read the partitions of " + topic + ": " + e.getMessage(), e);
    }
    for (int number = 0; number < now.partitions(); number++) {
      splits.add(ofPartition(number, now));
    }
    // A Flink source subtask that is given no split at all never says how far it is, and holds back
    // the windows of all others.
    while (splits.size() < desired) {
      splits.add(ofPartition(NO_PARTITION, now));
    }
    return splits;
  }

  @Override
  public UnboundedReader<Block> createReader(PipelineOptions options, PartitionMark mark) {
    if (partition == NOT_SPLIT) {
      throw new IllegalStateException("the source of " + topic + " has to be split first");
    }
    // What this split was read from, and is known by, stays; how it is read is said anew.
    TopicBlocks current = CurrentTopics.of(options, this).ofPartition(partition, identity);
    return new PartitionReader(current, mark == null ? PartitionMark.start() : mark);
  }

  KafkaConsumer<byte[], byte[]> newConsumer() {
    return newConsumer(topic, maxBlockRecords);
  }

  /** A consumer that decides nothing by itself. */
  static KafkaConsumer<byte[], byte[]> newConsumer(KafkaTopic topic, int maxRecords) {
    Map<String, Object> own =
        Map.of(
            // A position that the broker no longer has is an error and not a reason to jump.
            "auto.offset.reset",
            "none",
            // What a producer has taken back is no record; a restart must find the same ones.
            "isolation.level",
            "read_committed",
            "enable.auto.commit",
            "false",
            "max.poll.records",
            maxRecords,
            "default.api.timeout.ms",
            Math.toIntExact(LONGEST_ANSWER.toMillis()));
    return new KafkaConsumer<>(
        topic.clientProperties(own, USUAL),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  KafkaTopic topic() {
    return topic;
  }

  EventTimes eventTimes() {
    return eventTimes;
  }

  Windowing windowing() {
    return windowing;
  }

  Duration idleAfter() {
    return idleAfter;
  }

  IdleAdvances idleAdvances() {
    return idleAdvances;
  }

  boolean stopAtEnd() {
    return stopAtEnd;
  }

  int partition() {
    return partition;
  }

  /** The topic that the run began with. */
  TopicIdentity identity() {
    return identity;
  }

  TopicWatch.Times watchTimes() {
    return watchTimes;
  }

  @Override
  public Coder<Block> getOutputCoder() {
    return BlockCoder.of();
  }

  @Override
  public Coder<PartitionMark> getCheckpointMarkCoder() {
    return SerializableCoder.of(PartitionMark.class);
  }
}
