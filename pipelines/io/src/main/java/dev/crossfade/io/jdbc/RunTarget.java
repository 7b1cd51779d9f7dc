package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.results.ResultTable;
import java.io.Serializable;
import java.time.Duration;

/**
 * Whose rows a run writes.
 *
 * @param lane the lane
 * @param run the run's number
 * @param staged whether results and closings are kept aside until the run is done, when they are
 *     put in the place of the lane's own at once
 * @param logic the fingerprint of the flow's logic, which is kept with each dead letter
 * @param patience how long a database that is away is waited for, before the run fails
 */
public record RunTarget(String lane, long run, boolean staged, String logic, Duration patience)
    implements Serializable {
  /** The lane that the rows of results and closings bear. */
  String resultLane() {
    return staged ? ResultTable.stagingLane(lane, run) : lane;
  }
}
