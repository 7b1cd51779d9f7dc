package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.results.ResultTable;
import java.io.Serializable;
import java.time.Duration;

/**
 * What a run writes as, and how long it waits for the database.
 *
 * @param lane the lane that the run computes
 * @param run its number
 * @param attempt how often it was started, this time included; every transaction that writes is
 *     refused once the run has ended or was started again
 * @param staged whether its results and closings are kept aside until all of them are put in place
 *     at once; the ledgers, dead letters and late records never are, since they tell of the run
 * @param logic the fingerprint of what computes, by which a dead letter tells what failed on it
 * @param patience how long a write waits for a database that is away
 */
public record RunTarget(
    String lane, long run, int attempt, boolean staged, String logic, Duration patience)
    implements Serializable {
  /** The lane that results and closings are written under. */
  public String resultLane() {
    return staged ? ResultTable.stagingLane(lane, run) : lane;
  }
}
