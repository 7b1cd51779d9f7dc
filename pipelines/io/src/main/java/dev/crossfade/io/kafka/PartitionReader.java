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
import org.joda.time.Instant;

/** Reads one partition into blocks. */
final class PartitionReader extends UnboundedSource.UnboundedReader<Block> {
  static final int MAX_BLOCK_RECORDS = 2_000;

  private final TopicBlocks source;
  private final TopicPartition partition;
  private final String origin;
  private final EventTimes.Reader timeReader;
  private final PartitionWatermark watermark;
  private final PartitionAdvances advances;
  private long nextOffset;
  private boolean ended;
  private KafkaConsumer<byte[], byte[]> consumer;
  private Block current;
  private long currentTimestamp;
  private long quietSince = System.nanoTime();

  PartitionReader(TopicBlocks source, PartitionMark mark) {
    this.source = source;
    this.partition = new TopicPartition(source.topic().name(), source.partition());
    this.origin = origin(source.topic().name(), source.partition());
    this.timeReader = source.eventTimes().reader(ReadTopic.format());
    this.watermark = new PartitionWatermark(source.windowing(), mark.watermark());
    this.advances = new PartitionAdvances(source.idleAdvances(), origin, watermark);
    this.nextOffset = mark.nextOffset();
    this.ended = mark.ended() || source.partition() == TopicBlocks.NO_PARTITION;
  }

  /** The source of a partition's records. */
  static String origin(String topic, int partition) {
    return topic + "[" + partition + "]";
  }

  /**
   * Gives an empty block, whatever the partition holds: Flink's source does not pass on the
   * watermark of a split before the split has given something.
   */
  @Override
  public boolean start() throws IOException {
    current = Block.empty(origin);
    // At the end of time itself there are no elements.
    currentTimestamp =
        Math.min(getWatermark().getMillis(), GlobalWindow.INSTANCE.maxTimestamp().getMillis());
    if (ended) {
      return true;
    }
    try {
      consumer = source.newConsumer();
      consumer.assign(List.of(partition));
      if (nextOffset == PartitionMark.BEGINNING) {
        nextOffset = consumer.beginningOffsets(List.of(partition)).get(partition);
      }
      consumer.seek(partition, nextOffset);
    } catch (KafkaException e) {
      throw new IOException("cannot read " + origin + " of " + source.topic(), e);
    }
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
      records = consumer.poll(Duration.ZERO).records(partition);
    } catch (OffsetOutOfRangeException e) {
      throw new IOException(
          origin
              + " no longer has offset "
              + nextOffset
              + ": records were deleted before they were read; compute from a source that still has"
              + " them",
          e);
    } catch (KafkaException e) {
      throw new IOException("cannot read " + origin + " of " + source.topic(), e);
    }
    currentTimestamp = Math.max(watermark.millis(), BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis());
    Block block = blockOf(records);
    if (records.isEmpty()) {
      followOthersWhenIdle();
    } else {
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
   * A block of all offsets from the one to read next to where the consumer is now. That may be
   * behind the last record, and further on without any record: the broker's own marks, of
   * transactions, take offsets as well, and compaction leaves gaps.
   */
  private Block blockOf(List<ConsumerRecord<byte[], byte[]>> records) {
    Block.Builder block = new Block.Builder(origin, "");
    long first = nextOffset;
    nextOffset = consumer.position(partition);
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
    OptionalLong newest;
    try {
      newest = NewestEventTime.ofOthers(source, partition, timeReader);
      // Only now, after the others' ends were read: a record that came here before that, and was
      // not read yet, is not behind them, and must not be taken for late.
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      if (consumer.position(partition) < end) {
        return;
      }
    } catch (KafkaException e) {
      throw new IOException("cannot read the ends of " + source.topic(), e);
    }
    if (newest.isPresent()) {
      advances.make(
          nextOffset, newest.getAsLong() - source.windowing().watermarkDelay().toMillis());
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
      consumer.close(Duration.ofSeconds(5));
      consumer = null;
    }
  }
}
