package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.graph.FlowOutputs;
import dev.crossfade.transforms.graph.FlowPlan;
import dev.crossfade.transforms.results.EventWindow;
import java.util.Optional;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * Writes what comes out of a run of a lane into the store: results into the flow's table, dead
 * letters and late records into theirs, and which windows are closed.
 *
 * <p>Works on bounded and unbounded input. A row is there when the bundle that holds it has ended;
 * a window counts as closed after its last row is there. Writing anything again leaves the same
 * tables. The tables must be there; a database that is not reached, or a table of another shape,
 * fails the bundle, and the runner decides whether to try again.
 */
public final class WriteToStore extends PTransform<FlowOutputs, PDone> {
  private static final long serialVersionUID = 1L;

  private final Database store;
  private final FlowPlan<?> plan;
  private final String lane;
  private final long run;
  private final EventWindow covered;

  private WriteToStore(
      Database store, FlowPlan<?> plan, String lane, long run, EventWindow covered) {
    this.store = store;
    this.plan = plan;
    this.lane = lane;
    this.run = run;
    this.covered = covered;
  }

  /**
   * Writes the outputs of a run of a lane.
   *
   * @param covered the span that the lane's input is complete for; empty if it is for every window
   */
  public static WriteToStore of(
      Database store, FlowPlan<?> plan, String lane, long run, Optional<EventWindow> covered) {
    return new WriteToStore(store, plan, lane, run, covered.orElse(null));
  }

  @Override
  public PDone expand(FlowOutputs outputs) {
    String flow = plan.table().flow();
    outputs.deadLetters().apply("KeepDeadLetters", KeepDeadLetters.of(store, flow, lane, run));
    outputs.lateRecords().apply("KeepLateRecords", KeepLateRecords.of(store, flow, lane, run));
    PCollection<EventWindow> written =
        outputs
            .results()
            .apply("UpsertResults", UpsertResults.into(store, plan.table(), lane, run));
    return written.apply(
        "RecordClosings",
        RecordClosings.of(store, flow, lane, run, plan.windowing(), Optional.ofNullable(covered)));
  }
}
