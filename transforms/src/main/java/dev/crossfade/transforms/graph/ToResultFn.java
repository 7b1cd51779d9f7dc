package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.aggregation.Partial;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.TypedRow;
import java.time.Instant;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.KV;

/** Makes the row of a key and window out of all that was folded into it so far. */
final class ToResultFn<E> extends DoFn<KV<TypedRow, Partial>, Result> {
  private static final long serialVersionUID = 1L;

  private final Aggregation<E> aggregation;
  private final Counter earlyPanes = FlowCounters.of(FlowCounters.EARLY_PANES);
  private final Counter onTimePanes = FlowCounters.of(FlowCounters.ON_TIME_PANES);
  private final Counter latePanes = FlowCounters.of(FlowCounters.LATE_PANES);

  ToResultFn(Aggregation<E> aggregation) {
    this.aggregation = aggregation;
  }

  @ProcessElement
  public void process(
      @Element KV<TypedRow, Partial> sum,
      IntervalWindow window,
      PaneInfo pane,
      OutputReceiver<Result> results) {
    switch (pane.getTiming()) {
      case EARLY -> earlyPanes.inc();
      case ON_TIME, UNKNOWN -> onTimePanes.inc();
      case LATE -> latePanes.inc();
    }
    Partial partial = sum.getValue();
    results.output(
        new Result(
            sum.getKey(),
            new EventWindow(instant(window.start()), instant(window.end())),
            aggregation.valuesOf(sum.getKey(), partial),
            partial.folded(),
            partial.duplicates(),
            partial.conflicts(),
            !partial.exists()));
  }

  private static Instant instant(org.joda.time.Instant joda) {
    return Instant.ofEpochMilli(joda.getMillis());
  }
}
