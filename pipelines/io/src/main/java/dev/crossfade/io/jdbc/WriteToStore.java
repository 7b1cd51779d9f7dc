package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.graph.EventWindowCoder;
import dev.crossfade.transforms.graph.FlowOutputs;
import dev.crossfade.transforms.graph.FlowPlan;
import dev.crossfade.transforms.results.EventWindow;
import java.util.Optional;
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
 * Writes what comes out of a run of a lane into the store: results into the flow's table, dead
 * letters, late records and the counts of both ledgers into theirs, and which windows are closed.
 *
 * <p>Works on bounded and unbounded input. A row is there when the bundle that holds it has ended;
 * a window counts as closed after all that was written of it is there. Writing anything again
 * leaves the same tables. A database that is away is waited for, for as long as the target's
 * patience; one that refuses, or a table of another shape, fails the bundle, and the runner decides
 * whether to try again.
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
   * Writes the outputs of a run of a lane.
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
        .lateRecords()
        .apply("KeepLateRecords", ParDo.of(new KeepLateRecordsFn(store, flow, target)));
    outputs
        .originCounts()
        .apply("KeepOriginCounts", ParDo.of(new KeepOriginCountsFn(store, flow, target)));
    PCollection<EventWindow> withLetters =
        outputs
            .deadLetters()
            .apply("KeepDeadLetters", ParDo.of(new KeepDeadLettersFn(store, flow, target)));
    PCollection<EventWindow> withCounts =
        outputs
            .windowCounts()
            .apply(
                "KeepWindowCounts",
                ParDo.of(new KeepWindowCountsFn(store, flow, plan.windowing().shape(), target)));
    PCollection<EventWindow> withResults =
        outputs.results().apply("UpsertResults", UpsertResults.into(store, plan.table(), target));
    return PCollectionList.of(intoGlobal(withLetters, "Letters"))
        .and(intoGlobal(withCounts, "Counts"))
        .and(intoGlobal(withResults, "Results"))
        .apply("Written", Flatten.pCollections())
        .apply(
            "RecordClosings",
            RecordClosings.of(store, flow, target, plan.windowing(), Optional.ofNullable(covered)));
  }

  private static PCollection<EventWindow> intoGlobal(
      PCollection<EventWindow> windows, String name) {
    return windows
        .setCoder(EventWindowCoder.of())
        .apply(
            "AllTime" + name,
            Window.<EventWindow>into(new GlobalWindows())
                .triggering(DefaultTrigger.of())
                .withAllowedLateness(Duration.ZERO)
                .discardingFiredPanes());
  }
}
