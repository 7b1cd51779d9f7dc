package dev.crossfade.io.kafka;

import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.windows.Windowing;
import java.time.Duration;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Reads the values of a topic as JSON records, from its first offset on.
 *
 * <p>Unbounded, unless it stops where the topic's end is declared (see {@link TopicEnd}). The
 * watermark of a partition is the newest event time in it less the watermark delay, and depends on
 * nothing but the partition's log; the collection's is the least of them. A record whose window its
 * partition's watermark has closed is marked late. A record's origin is the topic with its
 * partition, and the offset. Values that are null are no records; their offsets, and those that the
 * broker took for itself, are counted as holding none, so that the blocks of a partition cover each
 * offset once.
 *
 * <p>A partition that has been read to its end and stays without records for {@code idleAfter} does
 * not hold the others back: its watermark follows the newest event time at the end of the other
 * partitions' logs, less the delay. This is the one place where waiting decides. It is recorded
 * before it takes effect (see {@link IdleAdvances}), and happens at the same offset after a
 * restart.
 *
 * <p>After a restart it goes on at the position, and with the watermark, of the checkpoint, but by
 * the addresses and properties of the graph that is run now. Offsets that the broker no longer has
 * fail the run; it never jumps. A broker that is away is waited for. A topic that is not there, is
 * made anew or is given more partitions fails the run.
 */
public final class ReadTopic extends PTransform<PBegin, PCollection<Block>> {
  private static final long serialVersionUID = 1L;

  private final TopicBlocks blocks;

  private ReadTopic(TopicBlocks blocks) {
    this.blocks = blocks;
  }

  /**
   * Reads a topic.
   *
   * @param idleAfter how long a partition may hold the others back
   * @param idleAdvances where it is kept that one was let pass
   * @param stopAtEnd whether a partition is finished where its end is declared
   */
  public static ReadTopic of(
      KafkaTopic topic,
      EventTimes eventTimes,
      Windowing windowing,
      Duration idleAfter,
      IdleAdvances idleAdvances,
      boolean stopAtEnd) {
    return new ReadTopic(
        TopicBlocks.of(topic, eventTimes, windowing, idleAfter, idleAdvances, stopAtEnd));
  }

  /** What the blocks hold. */
  public static RecordFormat format() {
    return new RecordFormat.Json();
  }

  @Override
  public PCollection<Block> expand(PBegin begin) {
    CurrentTopics.put(begin.getPipeline().getOptions(), blocks);
    return begin.apply("Read", Read.from(blocks));
  }
}
