package dev.crossfade.launcher.lanes;

import dev.crossfade.io.files.FinishedFiles;
import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.migration.DeadShare;
import dev.crossfade.migration.HeldRows;
import dev.crossfade.migration.Store;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;

/**
 * Keeps an input that gives nothing from replacing what a lane holds. An input gives nothing if
 * there is no record in it at all, or none that is not a dead letter; records that fall outside of
 * the windows that are computed, or that the flow filters out, are something.
 */
final class EmptyInput {
  private static final String ALLOW =
      "; nothing is replaced. If that is what the lane is to hold, say --allow-empty";

  private final ResultTable table;
  private final Lane lane;

  private EmptyInput(ResultTable table, Lane lane) {
    this.table = table;
    this.lane = lane;
  }

  static EmptyInput of(PlannedFlow flow, Lane lane) {
    return new EmptyInput(flow.plan().table(), lane);
  }

  /**
   * Goes by the ledger of a run in the store.
   *
   * @param windows the windows that the run replaces; empty for all
   * @throws VerbException if the run has nothing and the lane has rows
   */
  void requireNothingHeld(
      Store store, long run, Optional<? extends Collection<EventWindow>> windows) {
    DeadShare share = store.deadShare(table.flow(), lane.laneName(), run);
    if (share.records() > share.dead()) {
      return;
    }
    HeldRows held = store.heldRows(table, lane.laneName(), run, windows);
    if (held.rows() > 0) {
      throw refusal(
          share.records(),
          "the lane "
              + lane.laneName()
              + " of "
              + table.flow()
              + " would lose its "
              + held.rows()
              + " rows in "
              + held.windows()
              + " windows");
    }
  }

  /**
   * Goes by the runner's counts, for results that are not in the store.
   *
   * @throws VerbException if the run has nothing and the files in place have lines
   */
  void requireNoFiles(String prefix, RunSummary.Counts counts) throws IOException {
    if (counts.read() <= counts.deadLettered() && FinishedFiles.holdResults(prefix)) {
      throw refusal(counts.read(), "the results in " + prefix + " would be gone");
    }
  }

  private static VerbException refusal(long records, String what) {
    return records == 0
        ? new VerbException(
            ExitCode.UNAVAILABLE, "the input gives no record at all, and " + what + ALLOW)
        : new VerbException(
            ExitCode.FAILED,
            "none of the "
                + records
                + " records of the input can be processed ('./crossfade dlq list' shows why), and "
                + what
                + ALLOW);
  }
}
