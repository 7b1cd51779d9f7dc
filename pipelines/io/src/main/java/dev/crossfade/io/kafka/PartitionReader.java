package dev.crossfade.io.kafka;

import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.windows.PartitionWatermark;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.joda.time.Instant;

/**
 * Reads one partition into blocks. A broker that is away is waited for: nothing is read meanwhile,
 * and then the next offset is. Only what {@link TopicWatch} and an idle partition ask holds up the
 * runner's thread, and not for longer than {@link #LONGEST_ANSWER}.
 */
final class PartitionReader extends UnboundedSource.UnboundedReader<Block> {
  static final int MAX_BLOCK_RECORDS = 2_000;

  /** How long one question to a broker may hold up the runner's thread. */
  static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

  /** Of those, what is left for a partition's own end. */
  private static final Duration OWN_END = Duration.ofSeconds(1);

  private static final Duration ON_ITS_WAY = Duration.ofMillis(10);

  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  /** The partition whose reader watches the topic for all. */
  private static final int WATCHES = 0;

  private final TopicBlocks source;
  private final TopicPartition partition;
  private final String origin;
  private final EventTimes.Reader timeReader;
  private final PartitionWatermark watermark;
  private final PartitionAdvances advances;
  private final Outage outage;
  private final TopicWatch watch;
  private long nextOffset;
  private boolean ended;
  private KafkaConsumer<byte[], byte[]> consumer;
  private Block current;
  private long currentTimestamp;
  private long openAfter = System.nanoTime();
  private long quietSince = System.nanoTime();

  PartitionReader(TopicBlocks source, PartitionMark mark) {
    this.source = source;
    this.partition = new TopicPartition(source.topic().name(), source.partition());
    this.origin = origin(source.topic().name(), source.partition());
    this.timeReader = source.eventTimes().reader(ReadTopic.format());
    this.watermark = new PartitionWatermark(source.windowing(), mark.watermark());
    this.advances = new PartitionAdvances(source.idleAdvances(), origin, watermark);
    this.outage =
        new Outage("the broker of " + origin + " at " + source.topic().bootstrapServers());
    this.watch = new TopicWatch(source.topic(), source.identity(), source.watchTimes(), outage);
    this.nextOffset = mark.nextOffset();
    this.ended = mark.ended() || source.partition() == TopicBlocks.NO_PARTITION;
  }

  /** The source of a partition's records. */
  static String origin(String topic, int partition) {
    return topic + "[" + partition + "]";
  }

  /**
   * Gives an empty block, whatever the partition holds: Flink's source does not pass on the
   * watermark of a split before the split has given something. The broker is not asked yet.
   */
  @Override
  public boolean start() {
    current = Block.empty(origin);
    // At the end of time itself there are no elements.
    currentTimestamp =
        Math.min(getWatermark().getMillis(), GlobalWindow.INSTANCE.maxTimestamp().getMillis());
    return true;
  }

  @Override
  public boolean advance() throws IOException {
    current = null;
    if (ended || !advances.areSettled()) {
      return false;
    }
    List<ConsumerRecord<byte[], byte[]>> records;
    try {
      if (source.partition() == WATCHES) {
        watch.lookNowAndThen();
      }
      if (!isOpen() || !knowsWhereToBegin()) {
        return false;
      }
      records = consumer.poll(patience()).records(partition);
    } catch (OffsetOutOfRangeException e) {
      watch.look();
      throw new IOException(
          origin
              + " no longer has offset "
              + nextOffset
              + ": records were deleted before they were read; compute from a source that still has"
              + " them",
          e);
    } catch (KafkaException e) {
      requireOutage(e);
      return false;
    }
    currentTimestamp = Math.max(watermark.millis(), BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis());
    Block block = blockOf(records);
    if (records.isEmpty()) {
      followOthersWhenIdle();
    } else {
      outage.isOver();
      quietSince = System.nanoTime();
    }
    if (block.size() == 0 && block.withoutContent() == 0) {
      return false;
    }
    current = block;
    currentTimestamp = block.leastEventTime(currentTimestamp);
    return true;
  }

  /**
   * Of a partition that has more, what is on its way is waited for a moment: else the runner takes
   * it for quiet and comes back much later.
   */
  private Duration patience() {
    OptionalLong lag = consumer.currentLag(partition);
    return lag.isPresent() && lag.getAsLong() == 0 ? Duration.ZERO : ON_ITS_WAY;
  }

  /** Takes up the partition where the mark says. */
  private boolean isOpen() {
    if (consumer != null) {
      return true;
    }
    if (System.nanoTime() - openAfter < 0) {
      return false;
    }
    openAfter = System.nanoTime() + PAUSE_NANOS;
    consumer = source.newConsumer();
    consumer.assign(List.of(partition));
    if (nextOffset == PartitionMark.BEGINNING) {
      consumer.seekToBeginning(List.of(partition));
    } else {
      consumer.seek(partition, nextOffset);
    }
    return true;
  }

  /** Whether the broker has said where the log begins, if the mark does not say where to go on. */
  private boolean knowsWhereToBegin() {
    if (nextOffset == PartitionMark.BEGINNING) {
      try {
        nextOffset = consumer.position(partition, Duration.ZERO);
      } catch (TimeoutException e) {
        // The answer is on its way, or the broker is away.
        return false;
      }
    }
    return true;
  }

  /** Goes on waiting, unless something else is wrong. */
  private void requireOutage(KafkaException e) throws IOException {
    if (!Outage.explains(e)) {
      throw new IOException("cannot read " + origin + " of " + source.topic(), e);
    }
    outage.goesOn(e);
  }

  /**
   * A block of all offsets from the one to read next to where the consumer is now. That may be
   * behind the last record, and further on without any record: the broker's own marks, of
   * transactions, take offsets as well, and compaction leaves gaps.
   */
  private Block blockOf(List<ConsumerRecord<byte[], byte[]>> records) {
    Block.Builder block = new Block.Builder(origin, "");
    long first = nextOffset;
    nextOffset = positionAfter(records, consumer, partition, first);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (source.stopAtEnd() && TopicEnd.isDeclaredBy(record.headers())) {
        nextOffset = record.offset() + 1;
        ended = true;
        break;
      }
      byte[] value = record.value();
      if (value == null) {
        continue;
      }
      // The next record is not the one of then, and does not tell that the partition was idle.
      advances.repeatAt(record.offset());
      long time = timeReader.readOrUnreadable("", value, 0, value.length);
      long late = Block.IN_TIME;
      if (time != Block.UNREADABLE && !watermark.admit(time)) {
        late = watermark.millis();
      }
      block.add(record.offset(), time, late, value, 0, value.length);
    }
    if (!ended) {
      advances.repeatAt(nextOffset);
    }
    block.addWithoutContentTo(first, nextOffset);
    return block.build();
  }

  /**
   * Where a consumer is after it gave records, without waiting for a broker: one that has just
   * become the partition's leader confirms the position first.
   */
  static long positionAfter(
      List<ConsumerRecord<byte[], byte[]>> records,
      KafkaConsumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long before) {
    try {
      return consumer.position(partition, Duration.ZERO);
    } catch (RetriableException e) {
      return records.isEmpty() ? before : records.get(records.size() - 1).offset() + 1;
    }
  }

  /**
   * Lets a partition that has been read to its end, and has been quiet, follow the others. What
   * comes into it from now on is appended after what is at the end of their logs now, so it is as
   * late as a record behind that would be.
   */
  private void followOthersWhenIdle() throws IOException {
    long now = System.nanoTime();
    OptionalLong lag = consumer.currentLag(partition);
    boolean atEnd = lag.isPresent() && lag.getAsLong() == 0;
    if (!atEnd) {
      quietSince = now;
      return;
    }
    if (now - quietSince < source.idleAfter().toNanos()) {
      return;
    }
    quietSince = now;
    try {
      OptionalLong newest =
          NewestEventTime.ofOthers(source, partition, timeReader, LONGEST_ANSWER.minus(OWN_END));
      // Only now, after the others' ends were read: a record that came here before that, and was
      // not read yet, is not behind them, and must not be taken for late.
      long end = consumer.endOffsets(List.of(partition), OWN_END).get(partition);
      outage.isOver();
      if (newest.isPresent() && nextOffset >= end) {
        advances.make(
            nextOffset, newest.getAsLong() - source.windowing().watermarkDelay().toMillis());
      }
    } catch (KafkaException e) {
      requireOutage(e);
    }
  }

  @Override
  public Block getCurrent() {
    if (current == null) {
      throw new NoSuchElementException();
    }
    return current;
  }

  @Override
  public Instant getCurrentTimestamp() {
    if (current == null) {
      throw new NoSuchElementException();
    }
    return Instant.ofEpochMilli(currentTimestamp);
  }

  @Override
  public Instant getWatermark() {
    if (ended) {
      return BoundedWindow.TIMESTAMP_MAX_VALUE;
    }
    return watermark.millis() == PartitionWatermark.NONE
        ? BoundedWindow.TIMESTAMP_MIN_VALUE
        : Instant.ofEpochMilli(watermark.millis());
  }

  @Override
  public PartitionMark getCheckpointMark() {
    return new PartitionMark(nextOffset, watermark.millis(), ended);
  }

  @Override
  public TopicBlocks getCurrentSource() {
    return source;
  }

  @Override
  public void close() {
    if (consumer != null) {
      consumer.close(LONGEST_ANSWER);
      consumer = null;
    }
  }
}
