package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.aggregation.Partial;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.TypedRow;
import java.time.Instant;
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

  /** How many keys are remembered; of more, some are shown again. */
  private static final int MOST_REMEMBERED = 200_000;

  /** Those of some minutes, with a pane of each shard and open window every second. */
  private static final long MOST_PANES = 20_000;

  private final Aggregation<E> aggregation;
  private final Counter earlyPanes = FlowCounters.of(FlowCounters.EARLY_PANES);
  private final Counter onTimePanes = FlowCounters.of(FlowCounters.ON_TIME_PANES);
  private final Counter latePanes = FlowCounters.of(FlowCounters.LATE_PANES);

  private transient Shown shown;

  ToResultFn(Aggregation<E> aggregation) {
    this.aggregation = aggregation;
  }

  @Setup
  public void setup() {
    shown = new Shown(MOST_REMEMBERED, MOST_PANES);
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
    Map<TypedRow, Long> before = shown.beforePane(window.start().getMillis());
    for (int i = 0; i < sums.size(); i++) {
      if (isNews(sums.key(i), sums.partial(i), pane, before)) {
        panes.inc();
        results.output(result(sums.key(i), of, sums.partial(i)));
      }
    }
    shown.afterPane(window.start().getMillis());
  }

  private static boolean isNews(
      TypedRow key, Partial partial, PaneInfo pane, Map<TypedRow, Long> shown) {
    if (pane.isFirst() && pane.isLast()) {
      return true;
    }
    Long before = pane.isLast() ? shown.remove(key) : shown.put(key, partial.absorbed());
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

  private static Instant instant(org.joda.time.Instant joda) {
    return Instant.ofEpochMilli(joda.getMillis());
  }
}
