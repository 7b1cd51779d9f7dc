package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.graph.EventWindowCoder;
import dev.crossfade.transforms.graph.FlowOutputs;
import dev.crossfade.transforms.graph.FlowPlan;
import dev.crossfade.transforms.results.EventWindow;
import java.util.Optional;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PDone;
import org.joda.time.Duration;

/**
 * Writes what comes out of a run of a lane into the store: results and their conflicts, dead
 * letters, late records, both ledgers, which windows are closed, and how far a run that writes its
 * lane itself has closed event time. Results and closings of a staged run are kept aside (see
 * {@link RunTarget}).
 *
 * <p>Works on bounded and unbounded input. A row is there when the bundle that holds it has ended;
 * a window counts as closed after all that is written of it is there. Writing anything again leaves
 * the same tables, and an older version changes nothing. The tables must be there.
 *
 * <p>A database that is away, full or failing over is waited for as long as the target's patience
 * says; the bundle does not end before, so that nothing is lost. After that, and at once where
 * trying again cannot help, the bundle fails, and the runner decides whether to try it again.
 */
public final class WriteToStore extends PTransform<FlowOutputs, PDone> {
  private static final long serialVersionUID = 1L;

  private final Database store;
  private final FlowPlan<?> plan;
  private final RunTarget target;
  private final EventWindow covered;

  private WriteToStore(Database store, FlowPlan<?> plan, RunTarget target, EventWindow covered) {
    this.store = store;
    this.plan = plan;
    this.target = target;
    this.covered = covered;
  }

  /**
   * Writes the outputs of a run.
   *
   * @param covered the span that the lane's input is complete for; empty if it is for every window
   */
  public static WriteToStore of(
      Database store, FlowPlan<?> plan, RunTarget target, Optional<EventWindow> covered) {
    return new WriteToStore(store, plan, target, covered.orElse(null));
  }

  @Override
  public PDone expand(FlowOutputs outputs) {
    String flow = plan.table().flow();
    outputs
        .originCounts()
        .apply(
            "WhatWasRead",
            // A source that only made itself known to the runner has read nothing.
            Filter.by(
                counts ->
                    counts.getValue().nextPosition() != 0 || counts.getValue().positions() != 0))
        .apply("OfAllTime", intoGlobal())
        .apply("KeepOriginCounts", ParDo.of(new KeepOriginCountsFn(store, flow, target)));
    PCollection<EventWindow> windows =
        PCollectionList.of(
                written(
                    "Results", outputs.results(), new UpsertResultsFn(store, plan.table(), target)))
            .and(
                written(
                    "WindowCounts",
                    outputs.windowCounts(),
                    new KeepWindowCountsFn(store, flow, target, plan.windowing().shape())))
            .and(
                written(
                    "DeadLetters",
                    outputs.deadLetters(),
                    new KeepDeadLettersFn(store, flow, target)))
            .and(
                written(
                    "LateRecords",
                    outputs.lateRecords(),
                    new KeepLateRecordsFn(store, flow, target)))
            .apply("AllWritten", Flatten.pCollections());
    if (!target.staged()) {
      windows.apply("RecordFrontier", RecordFrontier.of(store, flow, target, plan.windowing()));
    }
    return windows.apply(
        "RecordClosings",
        RecordClosings.of(store, flow, target, plan.windowing(), Optional.ofNullable(covered)));
  }

  /** The windows that a collection has been written to, all of one windowing of Beam's. */
  private static <T> PCollection<EventWindow> written(
      String name, PCollection<T> records, NewestFn<?, T> fn) {
    return records
        .apply(name + "IntoGlobal", intoGlobal())
        .apply("Keep" + name, ParDo.of(fn))
        .setCoder(EventWindowCoder.of());
  }

  private static <T> Window<T> intoGlobal() {
    return Window.<T>into(new GlobalWindows())
        .triggering(DefaultTrigger.of())
        .withAllowedLateness(Duration.ZERO)
        .discardingFiredPanes();
  }
}
