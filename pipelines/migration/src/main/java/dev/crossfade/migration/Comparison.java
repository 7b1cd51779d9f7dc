package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * What {@link Reconcile} found. Counts and digests are over the windows compared, and exact however
 * many differences there are; only the list of differences ends at some point.
 *
 * @param flow the flow
 * @param left the left lane
 * @param right the right lane
 * @param verdict what it comes to
 * @param reason why it comes to that, in one sentence
 * @param windows the windows compared, each with what was found in it
 * @param notClosedLeft windows that one of the lanes has and that were left out because the left
 *     lane has not closed them
 * @param notClosedRight the same for the right lane; a window may be in both counts
 * @param equalRows rows that both lanes have, equal in every column
 * @param counts how many differences there are of each kind
 * @param differences the first of them, by key and window
 * @param leftDigest the digest of the left lane; its count is the number of rows
 * @param rightDigest the digest of the right lane
 */
public record Comparison(
    String flow,
    String left,
    String right,
    Verdict verdict,
    String reason,
    NavigableMap<EventWindow, WindowCounts> windows,
    long notClosedLeft,
    long notClosedRight,
    long equalRows,
    Map<Difference.Kind, Long> counts,
    List<Difference> differences,
    LaneDigest leftDigest,
    LaneDigest rightDigest) {

  /** What a comparison comes to. */
  public enum Verdict {
    /** Both lanes have the same rows in every window compared. */
    EQUAL,
    /** They do not. */
    DIFFERENT,
    /** There is nothing to judge by: no evidence is not good evidence. */
    INCONCLUSIVE
  }

  /** Rows of the left lane in the windows compared. */
  public long leftRows() {
    return leftDigest.rows().count();
  }

  /** Rows of the right lane in the windows compared. */
  public long rightRows() {
    return rightDigest.rows().count();
  }

  /** How many differences there are, listed or not. */
  public long differenceCount() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
