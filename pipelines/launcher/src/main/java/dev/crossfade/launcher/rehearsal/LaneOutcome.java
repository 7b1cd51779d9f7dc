package dev.crossfade.launcher.rehearsal;

import dev.crossfade.launcher.lanes.LaneTables;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.RunSummary;
import dev.crossfade.launcher.lanes.Stores;
import dev.crossfade.migration.LaneTable;
import dev.crossfade.migration.Store;
import java.time.Duration;

/**
 * How a lane was computed.
 *
 * @param lane the lane
 * @param runner what computed it
 * @param counts what its runner counted; for the legacy job only what was read
 * @param digest the digest of its rows
 * @param took how long it took
 */
record LaneOutcome(
    String lane, String runner, RunSummary.Counts counts, String digest, Duration took) {
  static LaneOutcome of(PlannedFlow flow, RunSummary run) {
    return new LaneOutcome(
        run.lane(), run.runner(), run.counts(), run.digest().orElseThrow(), run.took());
  }

  /** The legacy lane, which the script of a flow has just computed from so many raw rows. */
  static LaneOutcome legacy(PlannedFlow flow, long read, Duration took) {
    try (Store store = Stores.open(flow.settings())) {
      return new LaneOutcome(
          LaneTable.LEGACY,
          "PostgreSQL",
          new RunSummary.Counts(read, 0, 0, 0, 0, 0),
          store.digest(LaneTables.of(flow, LaneTable.LEGACY)).rows().toString(),
          took);
    }
  }
}
