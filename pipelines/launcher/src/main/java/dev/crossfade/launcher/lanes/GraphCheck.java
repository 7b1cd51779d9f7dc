package dev.crossfade.launcher.lanes;

import dev.crossfade.io.jdbc.RunTarget;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.transforms.windows.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.options.PipelineOptions;

/** Builds graphs and runs nothing. */
public final class GraphCheck {
  private GraphCheck() {}

  /**
   * Builds the graph of a lane.
   *
   * @throws VerbException as a run would, if the graph does not hold together
   */
  public static void of(PlannedFlow flow, Lane lane, PipelineOptions options) {
    try (Connections connections = Connections.of(flow.settings())) {
      new LaneGraph(
              flow,
              connections,
              lane == Lane.BATCH ? Input.BATCH : Input.STREAM,
              new RunTarget(lane.laneName(), 0, 0, lane == Lane.BATCH, "", Duration.ZERO),
              Scope.EVERYTHING,
              List.of(),
              List.of(),
              Optional.empty())
          .build(options);
    }
  }
}
