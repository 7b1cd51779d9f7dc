package dev.crossfade.io.kafka;

import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.BlockCoder;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.records.RecordFormat;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Reads what a topic holds between two offsets of each partition, as JSON records.
 *
 * <p>Bounded: the input of a restatement. No record is late here, whatever the order in which they
 * were appended. A block's timestamp is the least event time in it. Reading again gives the same
 * records. Offsets that the broker no longer has fail the run; it never jumps.
 */
public final class ReadTopicRange extends PTransform<PBegin, PCollection<Block>> {
  private static final long serialVersionUID = 1L;

  /** A longer part of a log is read in pieces, side by side. */
  private static final long MOST_OFFSETS = 250_000;

  private final KafkaTopic topic;
  private final EventTimes eventTimes;
  private final List<PartitionRange> ranges;

  private ReadTopicRange(KafkaTopic topic, EventTimes eventTimes, List<PartitionRange> ranges) {
    this.topic = topic;
    this.eventTimes = eventTimes;
    this.ranges = ranges;
  }

  /** Reads ranges of a topic's partitions. */
  public static ReadTopicRange of(
      KafkaTopic topic, EventTimes eventTimes, List<PartitionRange> ranges) {
    return new ReadTopicRange(topic, eventTimes, cut(ranges, MOST_OFFSETS));
  }

  /** The same ranges in pieces of so many offsets at most. */
  static List<PartitionRange> cut(List<PartitionRange> ranges, long most) {
    List<PartitionRange> pieces = new ArrayList<>();
    for (PartitionRange range : ranges) {
      for (long first = range.first(); first < range.end(); first += most) {
        pieces.add(
            new PartitionRange(range.partition(), first, Math.min(range.end(), first + most)));
      }
    }
    return pieces;
  }

  /** What the blocks hold. */
  public static RecordFormat format() {
    return ReadTopic.format();
  }

  @Override
  public PCollection<Block> expand(PBegin begin) {
    return begin
        .apply("Ranges", Create.of(ranges).withCoder(SerializableCoder.of(PartitionRange.class)))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("ReadRange", ParDo.of(new ReadPartitionRangeFn(topic, eventTimes)))
        .setCoder(BlockCoder.of());
  }
}
