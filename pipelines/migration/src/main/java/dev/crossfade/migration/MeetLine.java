package dev.crossfade.migration;

import java.util.List;

/**
 * Where the two ledgers of one run meet: every event that its sources gave is in a window, or late.
 *
 * @param run the run
 * @param kind what it is for
 * @param complete whether nothing that it has read is on its way any more; only then is it judged
 * @param ofSources events of windows that the run computes, by source
 * @param ofWindows events that came in time, by window
 * @param late records that came after their window had closed
 */
public record MeetLine(
    long run, RunKind kind, boolean complete, long ofSources, long ofWindows, long late) {

  /** Events that are in one ledger only, if the run is at work: they are on their way. */
  public long inFlight() {
    return complete ? 0 : difference();
  }

  /** Events that are in one ledger only; below 0 if the windows have too many. */
  public long remainder() {
    return complete ? difference() : 0;
  }

  private long difference() {
    return ofSources - ofWindows - late;
  }

  List<String> remainders() {
    return remainder() == 0
        ? List.of()
        : List.of(
            "run "
                + run
                + ": its sources gave "
                + ofSources
                + ", accounted for "
                + (ofWindows + late)
                + " (in windows "
                + ofWindows
                + ", late "
                + late
                + "): "
                + LedgerReport.offBy(remainder()));
  }
}
