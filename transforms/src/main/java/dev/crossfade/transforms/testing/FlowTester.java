package dev.crossfade.transforms.testing;

import dev.crossfade.transforms.graph.ComputeFlow;
import dev.crossfade.transforms.graph.FlowPlan;
import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.BlockCoder;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.windows.PartitionWatermark;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Runs a flow over JSON records in a bounded lane, and in an unbounded one where the records come
 * from several partitions in an order drawn by a seed, in blocks of random size, with panes in
 * between. Whatever the order, the last stream results must be the batch results over the records
 * that were in time, and in both lanes the ledgers must account for every record.
 *
 * <p>Example, in a test with the DirectRunner on its class path:
 *
 * <pre>{@code
 * new FlowTester<>(plan, records).assertStreamEqualsBatch(25);
 * }</pre>
 *
 * @param <E> the event's type
 */
public final class FlowTester<E> {
  private static final RecordFormat FORMAT = new RecordFormat.Json();
  private static final int PARTITIONS = 3;
  private static final int MAX_BLOCK = 4;

  private final FlowPlan<E> plan;
  private final List<String> records;

  /** A tester of a flow with its settings over these records, each one JSON object. */
  public FlowTester(FlowPlan<E> plan, List<String> records) {
    this.plan = plan;
    this.records = List.copyOf(records);
  }

  /** Runs the bounded lane over all records. */
  public Outcome runBatch() {
    return runBatch(records);
  }

  private Outcome runBatch(List<String> some) {
    Block.Builder block = new Block.Builder("batch", "");
    for (int i = 0; i < some.size(); i++) {
      byte[] bytes = bytes(some.get(i));
      block.add(i, Block.UNREAD, Block.IN_TIME, bytes, 0, bytes.length);
    }
    Pipeline pipeline = Pipeline.create();
    return Outcome.of(
        pipeline,
        pipeline
            .apply(Create.timestamped(timestamped(block.build())).withCoder(BlockCoder.of()))
            .apply(ComputeFlow.of(plan, FORMAT)));
  }

  /**
   * Runs the unbounded lane.
   *
   * @param seed draws the arrival of the records
   */
  public Outcome runStream(long seed) {
    Pipeline pipeline = Pipeline.create();
    return Outcome.of(pipeline, pipeline.apply(arrival(seed)).apply(ComputeFlow.of(plan, FORMAT)));
  }

  /**
   * Asserts for as many arrivals as asked for that the lanes agree and account for every record.
   *
   * @throws AssertionError if they differ; the message names the seed and what differs
   */
  public void assertStreamEqualsBatch(int arrivals) {
    for (long seed = 0; seed < arrivals; seed++) {
      Outcome stream = runStream(seed);
      List<String> inTime = new ArrayList<>(records);
      stream.late().forEach(late -> inTime.remove(late.bytes().toString()));
      Outcome batch = runBatch(inTime);
      requireAccounted("the stream lane with arrival " + seed, stream);
      requireAccounted("the batch lane", batch);
      if (!stream.rows().equals(batch.rows())) {
        throw new AssertionError(
            "with arrival "
                + seed
                + " the stream lane has\n"
                + stream
                + "the batch lane\n"
                + batch);
      }
    }
  }

  private static void requireAccounted(String lane, Outcome outcome) {
    if (!outcome.unaccounted().isEmpty()) {
      throw new AssertionError(
          lane + " does not account for every record: " + outcome.unaccounted());
    }
  }

  private TestStream<Block> arrival(long seed) {
    Random random = new Random(seed);
    List<String> order = new ArrayList<>(records);
    Collections.shuffle(order, random);
    EventTimes.Reader times = plan.eventTimes().reader(FORMAT);
    PartitionWatermark[] watermarks = new PartitionWatermark[PARTITIONS];
    Arrays.setAll(
        watermarks, i -> new PartitionWatermark(plan.windowing(), PartitionWatermark.NONE));
    long[] offsets = new long[PARTITIONS];
    TestStream.Builder<Block> stream = TestStream.create(BlockCoder.of());
    long watermark = PartitionWatermark.NONE;
    for (int next = 0; next < order.size(); ) {
      int partition = random.nextInt(PARTITIONS);
      int size = Math.min(order.size() - next, 1 + random.nextInt(MAX_BLOCK));
      Block.Builder block = new Block.Builder("stream[" + partition + "]", "");
      for (int i = 0; i < size; i++) {
        byte[] bytes = bytes(order.get(next++));
        long time = times.readOrUnreadable("", bytes, 0, bytes.length);
        boolean inTime = time == Block.UNREADABLE || watermarks[partition].admit(time);
        block.add(
            offsets[partition]++,
            time,
            inTime ? Block.IN_TIME : watermarks[partition].millis(),
            bytes,
            0,
            bytes.length);
      }
      stream = stream.addElements(timestamped(block.build()));
      if (random.nextBoolean()) {
        stream =
            stream.advanceProcessingTime(
                Duration.millis(plan.windowing().earlyFiring().toMillis()));
      }
      long least =
          Arrays.stream(watermarks).mapToLong(PartitionWatermark::millis).min().orElseThrow();
      if (least > watermark) {
        watermark = least;
        stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(watermark));
      }
    }
    return stream.advanceWatermarkToInfinity();
  }

  private static TimestampedValue<Block> timestamped(Block block) {
    return TimestampedValue.of(
        block,
        Instant.ofEpochMilli(block.leastEventTime(BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis())));
  }

  private static byte[] bytes(String record) {
    return record.getBytes(StandardCharsets.UTF_8);
  }
}
