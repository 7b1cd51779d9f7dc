package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.aggregation.Partial;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.TypedRow;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.KV;

/**
 * Makes the row of each key and window out of all that was folded into it so far. A pane is of a
 * whole shard, and most of its keys may be as they were in the pane before: those are not shown
 * again, as far as this instance remembers. An instance of a bundle that failed is not used again,
 * so what it remembers was handed on.
 */
final class ToResultFn<E> extends DoFn<KV<Integer, ShardSums>, Result> {
  private static final long serialVersionUID = 1L;

  /** How many keys and windows are remembered; of more, some are shown again. */
  private static final int MOST_REMEMBERED = 200_000;

  private final Aggregation<E> aggregation;
  private final Counter earlyPanes = FlowCounters.of(FlowCounters.EARLY_PANES);
  private final Counter onTimePanes = FlowCounters.of(FlowCounters.ON_TIME_PANES);
  private final Counter latePanes = FlowCounters.of(FlowCounters.LATE_PANES);

  private transient Map<Address, Long> shown;

  ToResultFn(Aggregation<E> aggregation) {
    this.aggregation = aggregation;
  }

  @Setup
  public void setup() {
    shown =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Address, Long> eldest) {
            return size() > MOST_REMEMBERED;
          }
        };
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, ShardSums> shard,
      IntervalWindow window,
      PaneInfo pane,
      OutputReceiver<Result> results) {
    EventWindow of = new EventWindow(instant(window.start()), instant(window.end()));
    Counter panes =
        switch (pane.getTiming()) {
          case EARLY -> earlyPanes;
          case ON_TIME, UNKNOWN -> onTimePanes;
          case LATE -> latePanes;
        };
    KeySums sums = shard.getValue().merged();
    for (int i = 0; i < sums.size(); i++) {
      if (isNews(new Address(sums.key(i), window.start().getMillis()), sums.partial(i), pane)) {
        panes.inc();
        results.output(result(sums.key(i), of, sums.partial(i)));
      }
    }
  }

  private boolean isNews(Address address, Partial partial, PaneInfo pane) {
    if (pane.isFirst() && pane.isLast()) {
      return true;
    }
    Long before = pane.isLast() ? shown.remove(address) : shown.put(address, partial.absorbed());
    return before == null || before != partial.absorbed();
  }

  private Result result(TypedRow key, EventWindow window, Partial partial) {
    return new Result(
        key,
        window,
        aggregation.valuesOf(key, partial),
        partial.folded(),
        partial.duplicates(),
        partial.conflicts(),
        !partial.exists());
  }

  private record Address(TypedRow key, long windowStart) {}

  private static Instant instant(org.joda.time.Instant joda) {
    return Instant.ofEpochMilli(joda.getMillis());
  }
}
