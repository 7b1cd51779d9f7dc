package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import java.util.List;

/**
 * Where the events of one window went.
 *
 * @param window the window
 * @param run the run whose version of it stands
 * @param closed whether the lane has closed it; only then is it judged
 * @param restated whether that run is a restatement
 * @param decoded events that came in time
 * @param counted those that the results are made of
 * @param filtered those that the flow's own filter took out
 * @param duplicates those that repeat others
 * @param dead those that could not be processed, and are dead letters
 * @param conflicts duplicates that say something else than the event that counts
 * @param late records that came after the window had closed, beside those that were decoded
 * @param restatedLate those of the late ones that are among the events of a restatement
 */
public record WindowLine(
    EventWindow window,
    long run,
    boolean closed,
    boolean restated,
    long decoded,
    long counted,
    long filtered,
    long duplicates,
    long dead,
    long conflicts,
    long late,
    long restatedLate) {

  /**
   * Events that were decoded and are in no result, if the window is open: they are on their way.
   */
  public long inFlight() {
    return closed ? 0 : difference();
  }

  /** Events of which nothing is known, if the window is closed; below 0 if too many are. */
  public long remainder() {
    return closed ? difference() : 0;
  }

  private long difference() {
    return decoded - counted - filtered - duplicates - dead;
  }

  List<String> remainders() {
    return remainder() == 0
        ? List.of()
        : List.of(
            "run "
                + run
                + ", window "
                + window
                + ": decoded "
                + decoded
                + ", accounted for "
                + (decoded - remainder())
                + " (counted "
                + counted
                + ", filtered "
                + filtered
                + ", duplicates "
                + duplicates
                + ", dead "
                + dead
                + "): "
                + LedgerReport.offBy(remainder()));
  }
}
