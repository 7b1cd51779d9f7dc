package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.RetryableException;
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
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.TypedRow;
import dev.crossfade.transforms.windows.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Decodes and validates the records of blocks and folds the events by key and window, over the
 * whole bundle, before anything is shuffled. Records that fail and late ones go to their outputs,
 * and what became of each record is counted, by source and by window.
 */
final class FoldBlocksFn<E> extends DoFn<Block, KV<Integer, ShardSums>> {
  private static final long serialVersionUID = 1L;

  /** How many groups a bundle may hold in memory before what was folded so far goes on. */
  private static final int MAX_GROUPS = 100_000;

  /** Every event of this version adds a row; changes of tables will take some away. */
  private static final long WEIGHT = 1;

  private final FlowPlan<E> plan;
  private final RecordFormat format;
  private final Scope scope;
  private final TupleTag<KV<Integer, ShardSums>> folded;
  private final Counter read = FlowCounters.of(FlowCounters.READ);
  private final Counter deadLettered = FlowCounters.of(FlowCounters.DEAD_LETTERED);
  private final Counter late = FlowCounters.of(FlowCounters.LATE);

  private transient RecordDecoder<E> decoder;
  private transient EventTimes.Reader timeReader;
  private transient int groups;
  private transient Map<String, OriginCounts> origins;
  private transient Map<Long, OfWindow<E>> windows;
  private transient OfWindow<E> latest;

  FoldBlocksFn(
      FlowPlan<E> plan, RecordFormat format, Scope scope, TupleTag<KV<Integer, ShardSums>> folded) {
    this.plan = plan;
    this.format = format;
    this.scope = scope;
    this.folded = folded;
  }

  @Setup
  public void setup() {
    decoder = new RecordDecoder<>(plan.eventType(), format, plan.eventTimes());
    timeReader = plan.eventTimes().reader(format);
  }

  @StartBundle
  public void startBundle() {
    groups = 0;
    origins = new HashMap<>();
    windows = new HashMap<>();
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
    long outside = 0;
    long undecodable = 0;
    for (int i = 0; i < block.size(); i++) {
      try {
        outside += take(block, i, out) ? 0 : 1;
      } catch (UndecodableException e) {
        undecodable++;
        long time = block.fault(i) == null ? timeOf(block, i, null) : Block.UNREADABLE;
        dead(block, i, block.fault(i) == null ? Step.DECODE : Step.READ, e, time, null, out);
      }
    }
    origins.merge(
        block.source(),
        new OriginCounts(
            block.size() - undecodable,
            outside,
            undecodable,
            block.withoutContent(),
            block.nextPosition()),
        OriginCounts::plus);
    if (groups >= MAX_GROUPS) {
      windows
          .values()
          .forEach(
              window ->
                  window.giveSums((sums, at) -> out.get(folded).outputWithTimestamp(sums, at)));
      groups = 0;
    }
  }

  /**
   * Sees to one record: it is folded, filtered out, late, or a dead letter.
   *
   * @return whether it belongs to a window that is computed
   * @throws UndecodableException if it is no event at all
   */
  private boolean take(Block block, int index, MultiOutputReceiver out)
      throws UndecodableException {
    if (block.fault(index) != null) {
      throw new UndecodableException(block.fault(index));
    }
    E value = null;
    RuntimeException invalid = null;
    try {
      value = decoder.decode(block, index);
    } catch (RuntimeException e) {
      // What the constructor of the event's class refuses.
      invalid = e;
    }
    long time = timeOf(block, index, value);
    if (time == Block.UNREADABLE) {
      throw new UndecodableException(whyUnreadable(block, index));
    }
    long windowStart = plan.windowing().shape().startOf(time);
    if (!scope.contains(windowStart)) {
      return false;
    }
    if (block.isLate(index)) {
      requireHeld(windowStart);
      late.inc();
      out.get(FlowOutputs.LATE_RECORDS).output(lateRecord(block, index));
      return true;
    }
    OfWindow<E> window = window(windowStart);
    window.decoded(time, block.source(), block.position(index));
    if (invalid != null) {
      dead(block, index, Step.VALIDATE, invalid, time, windowOf(time), out);
      return true;
    }
    try {
      if (!plan.aggregation().counts(value)) {
        window.filtered++;
        return true;
      }
      fold(new Event<>(value, time, WEIGHT, block.origin(index)), window);
    } catch (RuntimeException e) {
      // Nobody can tell what a flow's own code throws; whatever it is, it concerns this record.
      dead(block, index, Step.COMPUTE, e, time, windowOf(time), out);
    }
    return true;
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    windows
        .values()
        .forEach(
            window -> {
              window.giveSums(
                  (sums, at) -> context.output(folded, sums, at, GlobalWindow.INSTANCE));
              context.output(
                  FlowOutputs.WINDOW_COUNTS,
                  KV.of(window.start, window.toCounts()),
                  org.joda.time.Instant.ofEpochMilli(window.least),
                  GlobalWindow.INSTANCE);
            });
    origins.forEach(
        (source, counts) ->
            context.output(
                FlowOutputs.ORIGIN_COUNTS,
                KV.of(source, counts),
                BoundedWindow.TIMESTAMP_MIN_VALUE,
                GlobalWindow.INSTANCE));
    windows = null;
    latest = null;
    origins = null;
  }

  /**
   * The window, which is mostly that of the record before.
   *
   * @throws UndecodableException if no table can hold all of it
   */
  private OfWindow<E> window(long start) throws UndecodableException {
    if (latest == null || latest.start != start) {
      OfWindow<E> known = windows.get(start);
      if (known == null) {
        requireHeld(start);
        known = new OfWindow<>(start);
        windows.put(start, known);
      }
      latest = known;
    }
    return latest;
  }

  private void requireHeld(long windowStart) throws UndecodableException {
    if (!plan.windowing().isHeld(windowStart)) {
      throw new UndecodableException(
          plan.eventTimes().field()
              + " lies in the window "
              + windowOf(windowStart)
              + ", which is not all within what a table holds: "
              + ColumnType.FIRST_TIMESTAMP
              + " to "
              + ColumnType.LAST_TIMESTAMP);
    }
  }

  /** What throws has left no trace, not even an empty group. */
  private void fold(Event<E> event, OfWindow<E> window) {
    Aggregation<E> aggregation = plan.aggregation();
    TypedRow key = aggregation.keyOf(event.value());
    OfShard<E> shard = window.shard(ShardSums.shardOf(key));
    Accumulation<E> sum = shard.byKey.get(key);
    boolean isNew = sum == null;
    if (isNew) {
      sum = aggregation.accumulation(key);
    }
    sum.fold(event);
    if (isNew) {
      shard.byKey.put(key, sum);
      groups++;
    }
    shard.least = Math.min(shard.least, event.time());
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
    long start = plan.windowing().shape().startOf(block.eventTime(index));
    return new LateRecord(
        block.origin(index),
        Instant.ofEpochMilli(block.eventTime(index)),
        windowOf(block.eventTime(index)),
        Duration.ofMillis(block.lateAfter(index) - plan.windowing().closingOf(start)),
        block.copyOf(index));
  }

  private EventWindow windowOf(long time) {
    return plan.windowing().shape().windowOf(Instant.ofEpochMilli(time));
  }

  /**
   * A record's event time.
   *
   * @param decoded what was just made of it; null if that came to nothing
   */
  private long timeOf(Block block, int index, E decoded) {
    long time = block.eventTime(index);
    if (time != Block.UNREAD) {
      return time;
    }
    return decoded != null
        ? decoder.eventTime()
        : timeReader.readOrUnreadable(
            block.header(), block.bytes(), block.start(index), block.length(index));
  }

  private void dead(
      Block block,
      int index,
      Step step,
      Exception e,
      long eventTime,
      EventWindow window,
      MultiOutputReceiver out) {
    deadLettered.inc();
    out.get(FlowOutputs.DEAD_LETTERS)
        .output(
            new DeadLetter(
                block.origin(index),
                step,
                e.getClass().getSimpleName(),
                String.valueOf(e.getMessage()),
                block.copyOf(index),
                eventTime == Block.UNREADABLE ? null : Instant.ofEpochMilli(eventTime),
                window,
                step == Step.READ || e instanceof RetryableException));
  }

  /** Takes partial results with the least event time in them. */
  private interface SumsReceiver {
    void give(KV<Integer, ShardSums> sums, org.joda.time.Instant least);
  }

  /** The events of a window so far, and the least of their times. */
  private static final class OfWindow<E> {
    private final long start;
    private final List<OfShard<E>> shards =
        new ArrayList<>(Collections.nCopies(ShardSums.SHARDS, null));
    private long decoded;
    private long filtered;
    private long least = BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis();
    private final Map<String, SourceSpan> sources = new HashMap<>();
    private String source;
    private long first;
    private long last;
    private long events;

    OfWindow(long start) {
      this.start = start;
    }

    OfShard<E> shard(int number) {
      OfShard<E> shard = shards.get(number);
      if (shard == null) {
        shard = new OfShard<>();
        shards.set(number, shard);
      }
      return shard;
    }

    void decoded(long time, String from, long position) {
      decoded++;
      least = Math.min(least, time);
      if (!from.equals(source)) {
        endSource();
        first = position;
        last = position;
      }
      source = from;
      first = Math.min(first, position);
      last = Math.max(last, position);
      events++;
    }

    /** Most events are of the source of the one before, for which nothing is looked up. */
    private void endSource() {
      if (events > 0) {
        sources.merge(source, new SourceSpan(first, last, events), SourceSpan::plus);
        events = 0;
      }
    }

    WindowCounts toCounts() {
      endSource();
      return new WindowCounts(decoded, filtered, sources);
    }

    /** Hands on what was folded, and forgets it. */
    void giveSums(SumsReceiver receiver) {
      for (int number = 0; number < shards.size(); number++) {
        OfShard<E> shard = shards.get(number);
        // A shard may have been asked for by an event that could not be folded.
        if (shard != null && !shard.byKey.isEmpty()) {
          receiver.give(
              KV.of(number, shard.toSums()), org.joda.time.Instant.ofEpochMilli(shard.least));
          shards.set(number, null);
        }
      }
    }
  }

  /** The events of a shard and window so far, by key, and the least of their times. */
  private static final class OfShard<E> {
    private final Map<TypedRow, Accumulation<E>> byKey = new HashMap<>();
    private long least = BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis();

    ShardSums toSums() {
      Map<TypedRow, Partial> partials = new HashMap<>();
      byKey.forEach((key, sum) -> partials.put(key, sum.toPartial()));
      return ShardSums.of(partials);
    }
  }
}
