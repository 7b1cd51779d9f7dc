package dev.crossfade.io.kafka;

import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.EventTimes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.joda.time.Instant;

/** Reads a part of a partition's log into blocks. */
final class ReadPartitionRangeFn extends DoFn<PartitionRange, Block> {
  private static final long serialVersionUID = 1L;
  private static final Duration POLL = Duration.ofSeconds(1);

  /** A broker that says nothing for so long is away. */
  private static final Duration SILENCE = Duration.ofMinutes(10);

  private final KafkaTopic topic;
  private final EventTimes eventTimes;
  private transient EventTimes.Reader timeReader;

  ReadPartitionRangeFn(KafkaTopic topic, EventTimes eventTimes) {
    this.topic = topic;
    this.eventTimes = eventTimes;
  }

  @Setup
  public void setup() {
    timeReader = eventTimes.reader(ReadTopic.format());
  }

  @ProcessElement
  public void process(@Element PartitionRange range, OutputReceiver<Block> blocks)
      throws IOException {
    TopicPartition partition = new TopicPartition(topic.name(), range.partition());
    String origin = PartitionReader.origin(topic.name(), range.partition());
    try (KafkaConsumer<byte[], byte[]> consumer =
        TopicBlocks.newConsumer(topic, PartitionReader.MAX_BLOCK_RECORDS)) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, range.first());
      long next = range.first();
      long heard = System.nanoTime();
      while (next < range.end()) {
        List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(partition);
        long position =
            Math.min(
                PartitionReader.positionAfter(records, consumer, partition, next), range.end());
        if (position > next) {
          output(block(records, origin, next, position), blocks);
          next = position;
          heard = System.nanoTime();
        } else if (System.nanoTime() - heard > SILENCE.toNanos()) {
          throw new IOException(
              topic + " has given nothing of " + origin + " from " + next + " on for " + SILENCE);
        }
      }
    } catch (OffsetOutOfRangeException e) {
      throw new IOException(
          origin
              + " no longer has offset "
              + range.first()
              + ": records were deleted; compute from a source that still has them",
          e);
    } catch (KafkaException e) {
      throw new IOException("cannot read " + origin + " of " + topic, e);
    }
  }

  private Block block(
      List<ConsumerRecord<byte[], byte[]>> records, String origin, long first, long next) {
    Block.Builder block = new Block.Builder(origin, "");
    for (ConsumerRecord<byte[], byte[]> record : records) {
      byte[] value = record.value();
      if (value != null && record.offset() < next) {
        long time = timeReader.readOrUnreadable("", value, 0, value.length);
        block.add(record.offset(), time, Block.IN_TIME, value, 0, value.length);
      }
    }
    block.addWithoutContentTo(first, next);
    return block.build();
  }

  private static void output(Block block, OutputReceiver<Block> blocks) {
    long timestamp = block.leastEventTime(BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis());
    blocks.outputWithTimestamp(block, Instant.ofEpochMilli(timestamp));
  }
}
