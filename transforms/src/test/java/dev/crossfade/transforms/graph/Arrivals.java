package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.BlockCoder;
import dev.crossfade.transforms.windows.PartitionWatermark;
import dev.crossfade.transforms.windows.Windowing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * One course of events, told twice: in blocks that the source has judged, as the flow reads them,
 * and one by one, as a plain pipeline does. What is late is told here by a rule of its own.
 */
final class Arrivals {
  private static final long START = Instant.parse("2001-05-01T10:00:00Z").getMillis();
  private static final String[] SHOPS = {"Aa", "BB", "c", "d", "e", "f", "g", "h"};
  private static final int MOST_PARTITIONS = 3;

  /** What happens next. */
  sealed interface Step {}

  /**
   * Some records come from a partition in one block.
   *
   * @param later how many seconds event time goes on
   */
  record Read(int partition, int later, List<Draft> drafts) implements Step {}

  /** A partition has nothing to read, and is let pass by the newest of the others. */
  record Idle(int partition) implements Step {}

  /** Processing time goes on. */
  record Wait(int millis) implements Step {}

  /**
   * A record.
   *
   * @param behind how many seconds its event time is behind the newest
   * @param items how many; 13 cannot be computed, 0 is filtered, and a negative number stands for
   *     bytes that are no record
   */
  record Draft(int behind, int shop, int id, int version, int items) {}

  private final Windowing windowing;
  private final long[] newest = new long[MOST_PARTITIONS];
  private final PartitionWatermark[] watermarks = new PartitionWatermark[MOST_PARTITIONS];
  private final long[] offsets = new long[MOST_PARTITIONS];
  private final List<PlainFlow.Told> inTime = new ArrayList<>();
  private final List<PlainFlow.Told> late = new ArrayList<>();
  private int undecodable;
  private long now = START;
  private long passed = PartitionWatermark.NONE;
  private long passedByBlocks = PartitionWatermark.NONE;
  private TestStream.Builder<Block> blocks = TestStream.create(BlockCoder.of());
  private TestStream.Builder<PlainFlow.Told> single =
      TestStream.create(SerializableCoder.of(PlainFlow.Told.class));

  private Arrivals(Windowing windowing) {
    this.windowing = windowing;
    Arrays.fill(newest, PartitionWatermark.NONE);
    Arrays.setAll(watermarks, i -> new PartitionWatermark(windowing, PartitionWatermark.NONE));
  }

  /**
   * Plays steps.
   *
   * @param partitions how many there are; of one, the plain pipeline's runner is to find out by
   *     itself what is late
   */
  static Arrivals of(List<Step> steps, int partitions, Windowing windowing) {
    Arrivals arrivals = new Arrivals(windowing);
    for (Step step : steps) {
      if (step instanceof Read read) {
        arrivals.read(read, partitions);
      } else if (step instanceof Idle idle) {
        arrivals.idle(idle.partition() % partitions);
      } else if (step instanceof Wait wait) {
        arrivals.blocks = arrivals.blocks.advanceProcessingTime(Duration.millis(wait.millis()));
        arrivals.single = arrivals.single.advanceProcessingTime(Duration.millis(wait.millis()));
      }
      arrivals.moveWatermark(partitions, true);
    }
    return arrivals;
  }

  /** Steps of many kinds, of which most read. */
  static Arbitrary<List<Step>> steps() {
    Arbitrary<Draft> drafts =
        Combinators.combine(
                Arbitraries.frequencyOf(
                    Tuple.of(4, Arbitraries.integers().between(0, 240)),
                    Tuple.of(1, Arbitraries.integers().between(241, 2_000))),
                Arbitraries.integers().between(0, SHOPS.length - 1),
                Arbitraries.integers().between(0, 12),
                Arbitraries.integers().between(1, 2),
                Arbitraries.integers().between(-1, 14))
            .as(Draft::new);
    Arbitrary<Step> reads =
        Combinators.combine(
                Arbitraries.integers().between(0, MOST_PARTITIONS - 1),
                Arbitraries.integers().between(0, 400),
                drafts.list().ofMinSize(1).ofMaxSize(6))
            .as(Read::new);
    Arbitrary<Step> idles = Arbitraries.integers().between(0, MOST_PARTITIONS - 1).map(Idle::new);
    Arbitrary<Step> waits = Arbitraries.integers().between(200, 2_500).map(Wait::new);
    return Arbitraries.frequencyOf(Tuple.of(6, reads), Tuple.of(1, idles), Tuple.of(2, waits))
        .list()
        .ofMinSize(5)
        .ofMaxSize(30);
  }

  TestStream<Block> blocks() {
    return blocks.advanceWatermarkToInfinity();
  }

  TestStream<PlainFlow.Told> oneByOne() {
    return single.advanceWatermarkToInfinity();
  }

  /** What came before its window closed, in the order in which it came. */
  List<PlainFlow.Told> inTime() {
    return inTime;
  }

  /** What came after that. */
  List<PlainFlow.Told> late() {
    return late;
  }

  /** How many records were none. */
  int undecodable() {
    return undecodable;
  }

  private void read(Read read, int partitions) {
    int partition = read.partition() % partitions;
    now += read.later() * 1_000L;
    Block.Builder block = new Block.Builder("topic[" + partition + "]", "");
    for (Draft draft : read.drafts()) {
      if (draft.items() < 0) {
        undecodable++;
        add(block, partition, Block.UNREADABLE, Block.IN_TIME, "no record");
        continue;
      }
      PlainFlow.Told told =
          new PlainFlow.Told(
              Instant.ofEpochMilli(now - draft.behind() * 1_000L).toString(),
              SHOPS[draft.shop()],
              "id" + draft.id(),
              draft.version(),
              draft.items());
      add(
          block,
          partition,
          told.millis(),
          watermarks[partition].admit(told.millis())
              ? Block.IN_TIME
              : watermarks[partition].millis(),
          Order.json(told.at(), told.shop(), told.id(), told.version(), told.items()));
      tell(told, partition, partitions);
    }
    Block built = block.build();
    blocks =
        blocks.addElements(
            TimestampedValue.of(
                built,
                Instant.ofEpochMilli(
                    built.leastEventTime(BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis()))));
  }

  private void add(Block.Builder block, int partition, long time, long lateAfter, String record) {
    byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
    block.add(offsets[partition]++, time, lateAfter, bytes, 0, bytes.length);
  }

  /** Tells one event to the plain pipeline, whose watermark follows each. */
  private void tell(PlainFlow.Told told, int partition, int partitions) {
    long size = PlainFlow.WINDOW.getMillis();
    long closing = told.millis() / size * size + size + windowing.allowedLateness().toMillis();
    boolean isLate =
        newest[partition] != PartitionWatermark.NONE && closing <= watermarkOf(partition);
    (isLate ? late : inTime).add(told);
    if (!isLate || partitions == 1) {
      single = single.addElements(TimestampedValue.of(told, Instant.ofEpochMilli(told.millis())));
    }
    newest[partition] = Math.max(newest[partition], told.millis());
    moveWatermark(partitions, false);
  }

  private long watermarkOf(int partition) {
    return newest[partition] == PartitionWatermark.NONE
        ? PartitionWatermark.NONE
        : newest[partition] - windowing.watermarkDelay().toMillis();
  }

  private void idle(int partition) {
    long most = Arrays.stream(newest).max().orElseThrow();
    if (most != PartitionWatermark.NONE) {
      newest[partition] = most;
      watermarks[partition].advanceTo(watermarkOf(partition));
    }
  }

  /** The least of the partitions'; the blocks' pipeline learns of it at the end of a block. */
  private void moveWatermark(int partitions, boolean blockEnds) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < partitions; i++) {
      least = Math.min(least, watermarkOf(i));
    }
    if (least > passed) {
      passed = least;
      single = single.advanceWatermarkTo(Instant.ofEpochMilli(least));
    }
    if (blockEnds && passed > passedByBlocks) {
      passedByBlocks = passed;
      blocks = blocks.advanceWatermarkTo(Instant.ofEpochMilli(passed));
    }
  }
}
