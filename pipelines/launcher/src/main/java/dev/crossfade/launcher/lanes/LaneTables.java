package dev.crossfade.launcher.lanes;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.migration.LaneTable;

/** Finds the rows of a lane by its name. */
public final class LaneTables {
  private LaneTables() {}

  /**
   * The rows of a lane: {@code batch}, {@code stream} or {@code legacy}.
   *
   * @throws VerbException if there is no such lane, or the settings name no legacy table
   */
  public static LaneTable of(PlannedFlow flow, String lane) {
    if (lane.equals(LaneTable.LEGACY)) {
      return flow.settings()
          .legacy()
          .map(legacy -> LaneTable.legacy(flow.plan().table(), legacy.table()))
          .orElseThrow(
              () ->
                  new VerbException(
                      ExitCode.USAGE, "the settings have no legacy.table for the lane legacy"));
    }
    for (Lane known : Lane.values()) {
      if (known.laneName().equals(lane)) {
        return LaneTable.of(flow.plan().table(), lane);
      }
    }
    throw new VerbException(
        ExitCode.USAGE, "'" + lane + "' is not a lane; there are legacy, batch and stream");
  }
}
