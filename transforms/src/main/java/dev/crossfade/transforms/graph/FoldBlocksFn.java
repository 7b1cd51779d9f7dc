package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.aggregation.Accumulation;
import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.aggregation.Partial;
import dev.crossfade.transforms.graph.DeadLetter.Step;
import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.Event;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.records.RecordDecoder;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.records.UndecodableException;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.TypedRow;
import dev.crossfade.transforms.windows.WindowShape;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Decodes and validates the records of blocks and folds the events by key and window, over the
 * whole bundle, before anything is shuffled. Records that fail and late ones go to their outputs.
 */
final class FoldBlocksFn<E> extends DoFn<Block, KV<TypedRow, Partial>> {
  private static final long serialVersionUID = 1L;

  /** How many groups a bundle may hold in memory before what was folded so far goes on. */
  private static final int MAX_GROUPS = 100_000;

  /** Every event of this version adds a row; changes of tables will take some away. */
  private static final long WEIGHT = 1;

  private final FlowPlan<E> plan;
  private final RecordFormat format;
  private final TupleTag<KV<TypedRow, Partial>> folded;
  private final Counter read = FlowCounters.of(FlowCounters.READ);
  private final Counter deadLettered = FlowCounters.of(FlowCounters.DEAD_LETTERED);
  private final Counter late = FlowCounters.of(FlowCounters.LATE);

  private transient RecordDecoder<E> decoder;
  private transient EventTimes.Reader timeReader;
  private transient Map<Group, Folded<E>> groups;

  FoldBlocksFn(FlowPlan<E> plan, RecordFormat format, TupleTag<KV<TypedRow, Partial>> folded) {
    this.plan = plan;
    this.format = format;
    this.folded = folded;
  }

  @Setup
  public void setup() {
    decoder = new RecordDecoder<>(plan.eventType(), format);
    timeReader = plan.eventTimes().reader(format);
  }

  @StartBundle
  public void startBundle() {
    groups = new HashMap<>();
  }

  /**
   * A bundle folds events that are older than the block at hand, and may have to hand them on while
   * it is at it. That is safe: the watermark does not pass what a bundle has begun with until it
   * ends.
   */
  @Override
  @SuppressWarnings("deprecation") // Beam has nothing else for it.
  public org.joda.time.Duration getAllowedTimestampSkew() {
    return org.joda.time.Duration.millis(Long.MAX_VALUE);
  }

  @ProcessElement
  public void process(@Element Block block, MultiOutputReceiver out) {
    read.inc(block.size());
    for (int i = 0; i < block.size(); i++) {
      if (block.isLate(i)) {
        late.inc();
        out.get(FlowOutputs.LATE_RECORDS).output(lateRecord(block, i));
        continue;
      }
      if (block.fault(i) != null) {
        dead(block, i, Step.READ, new UndecodableException(block.fault(i)), out);
        continue;
      }
      Step step = Step.DECODE;
      try {
        E value = decoder.decode(block.header(), block.bytes(), block.start(i), block.length(i));
        if (block.eventTime(i) == Block.UNREADABLE) {
          throw new UndecodableException(whyUnreadable(block, i));
        }
        step = Step.COMPUTE;
        fold(new Event<>(value, block.eventTime(i), WEIGHT, block.origin(i)));
      } catch (UndecodableException e) {
        dead(block, i, Step.DECODE, e, out);
      } catch (RuntimeException e) {
        // Nobody can tell what a flow's own code throws; whatever it is, it concerns this record.
        dead(block, i, step == Step.DECODE ? Step.VALIDATE : step, e, out);
      }
    }
    if (groups.size() >= MAX_GROUPS) {
      groups.forEach(
          (group, sum) -> out.get(folded).outputWithTimestamp(sum.toKv(group), sum.timestamp()));
      groups.clear();
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    groups.forEach(
        (group, sum) ->
            context.output(folded, sum.toKv(group), sum.timestamp(), GlobalWindow.INSTANCE));
    groups = null;
  }

  private void fold(Event<E> event) {
    Aggregation<E> aggregation = plan.aggregation();
    Group group =
        new Group(aggregation.keyOf(event.value()), plan.windowing().shape().startOf(event.time()));
    Folded<E> sum = groups.get(group);
    if (sum == null) {
      sum = new Folded<>(aggregation.accumulation(group.key()));
      sum.fold(event);
      groups.put(group, sum);
    } else {
      sum.fold(event);
    }
  }

  private String whyUnreadable(Block block, int index) {
    try {
      timeReader.read(block.header(), block.bytes(), block.start(index), block.length(index));
    } catch (UndecodableException e) {
      return e.getMessage();
    }
    throw new IllegalStateException("the source could not read an event time that can be read");
  }

  private LateRecord lateRecord(Block block, int index) {
    WindowShape shape = plan.windowing().shape();
    long start = shape.startOf(block.eventTime(index));
    return new LateRecord(
        block.origin(index),
        Instant.ofEpochMilli(block.eventTime(index)),
        new EventWindow(Instant.ofEpochMilli(start), Instant.ofEpochMilli(shape.endOf(start))),
        Duration.ofMillis(block.lateAfter(index) - plan.windowing().closingOf(start)),
        block.copyOf(index));
  }

  private void dead(Block block, int index, Step step, Exception e, MultiOutputReceiver out) {
    deadLettered.inc();
    long eventTime = block.eventTime(index);
    out.get(FlowOutputs.DEAD_LETTERS)
        .output(
            new DeadLetter(
                block.origin(index),
                step,
                e.getClass().getSimpleName(),
                String.valueOf(e.getMessage()),
                block.copyOf(index),
                eventTime == Block.UNREADABLE ? null : Instant.ofEpochMilli(eventTime)));
  }

  private record Group(TypedRow key, long windowStart) {}

  /** The events of a group so far, and the least of their times. */
  private static final class Folded<E> {
    private final Accumulation<E> accumulation;
    private long least = BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis();

    Folded(Accumulation<E> accumulation) {
      this.accumulation = accumulation;
    }

    void fold(Event<E> event) {
      accumulation.fold(event);
      least = Math.min(least, event.time());
    }

    KV<TypedRow, Partial> toKv(Group group) {
      return KV.of(group.key(), accumulation.toPartial());
    }

    org.joda.time.Instant timestamp() {
      return org.joda.time.Instant.ofEpochMilli(least);
    }
  }
}
