package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * What {@link Reconcile} found. Counts and digests are over the windows compared, and exact however
 * many differences there are; only the list of differences ends at some point.
 *
 * <p>Every window in which one of the lanes has rows, or whose closing it has recorded, is among
 * the windows compared or among those that were not.
 *
 * @param flow the flow
 * @param left the left lane
 * @param right the right lane
 * @param verdict what it comes to
 * @param reason why it comes to that, in one sentence
 * @param windows the windows compared, each with what was found in it
 * @param notCompared the other windows, each with why
 * @param counts how many differences there are of each kind
 * @param differences the first of them, by key and window
 * @param evidence what equal rows were told by
 * @param leftDigest the digest of the left lane; empty unless every row was read
 * @param rightDigest the digest of the right lane; empty likewise
 */
public record Comparison(
    String flow,
    String left,
    String right,
    Verdict verdict,
    String reason,
    NavigableMap<EventWindow, WindowCounts> windows,
    NavigableMap<EventWindow, NotCompared> notCompared,
    Map<Difference.Kind, Long> counts,
    List<Difference> differences,
    Evidence evidence,
    Optional<LaneDigest> leftDigest,
    Optional<LaneDigest> rightDigest) {

  /** What a comparison comes to. */
  public enum Verdict {
    /** Both lanes have the same rows in every window compared, and no other speaks against it. */
    EQUAL,
    /** They have not, whatever is said of other windows. */
    DIFFERENT,
    /**
     * No difference was found, but there is nothing to judge by, or a window that cannot be judged:
     * no evidence is not good evidence.
     */
    INCONCLUSIVE
  }

  /** What equal rows were told by; rows that differ were read in any case. */
  public enum Evidence {
    /** Every value of every row was read and compared. */
    EVERY_ROW,
    /** 128 bits of hash over each row, which PostgreSQL keeps, summed over many rows. */
    ROW_HASHES
  }

  /** What a walk through two lanes comes to. */
  static Comparison of(
      ResultTable table,
      String leftLane,
      String rightLane,
      NavigableMap<EventWindow, WindowCounts> windows,
      NavigableMap<EventWindow, NotCompared> notCompared,
      Merge merge,
      Evidence evidence) {
    WindowCounts all = windows.values().stream().reduce(WindowCounts.NONE, WindowCounts::plus);
    long different = merge.counts().values().stream().mapToLong(Long::longValue).sum();
    boolean everyRow = evidence == Evidence.EVERY_ROW;
    Verdict verdict = Verdict.INCONCLUSIVE;
    String reason;
    long unjudged = notCompared.values().stream().filter(NotCompared::cannotBeJudged).count();
    boolean equal =
        different == 0
            && all.differingRows() == 0
            && (!everyRow || merge.leftDigest().equals(merge.rightDigest()));
    if (!equal) {
      verdict = Verdict.DIFFERENT;
      reason = "the lanes differ in " + different + (different == 1 ? " place" : " places");
    } else if (windows.isEmpty()) {
      reason = "there is no window that both lanes have closed";
    } else if (all.leftRows() == 0) {
      reason = "neither lane has a row in the windows compared";
    } else if (unjudged > 0) {
      reason =
          "every row of these is in both lanes, equal in every column, but "
              + (unjudged == 1 ? "1 other window" : unjudged + " other windows")
              + " cannot be judged";
    } else {
      verdict = Verdict.EQUAL;
      reason = "every row is in both lanes, equal in every column";
    }
    return new Comparison(
        table.flow(),
        leftLane,
        rightLane,
        verdict,
        reason,
        Collections.unmodifiableNavigableMap(windows),
        Collections.unmodifiableNavigableMap(notCompared),
        merge.counts(),
        merge.differences(),
        evidence,
        everyRow ? Optional.of(merge.leftDigest()) : Optional.empty(),
        everyRow ? Optional.of(merge.rightDigest()) : Optional.empty());
  }

  /** Rows of the left lane in the windows compared. */
  public long leftRows() {
    return windows.values().stream().mapToLong(WindowCounts::leftRows).sum();
  }

  /** Rows of the right lane in the windows compared. */
  public long rightRows() {
    return windows.values().stream().mapToLong(WindowCounts::rightRows).sum();
  }

  /** Rows that both lanes have, equal in every column. */
  public long equalRows() {
    return windows.values().stream().mapToLong(WindowCounts::equalRows).sum();
  }

  /** How many windows were not compared since the left lane has not closed them. */
  public long notClosedLeft() {
    return notCompared.values().stream().filter(w -> w.left() != WindowState.CLOSED).count();
  }

  /** The same for the right lane; a window may be in both counts. */
  public long notClosedRight() {
    return notCompared.values().stream().filter(w -> w.right() != WindowState.CLOSED).count();
  }

  /** How many windows cannot be judged, and keep equal lanes from being called so. */
  public long unjudged() {
    return notCompared.values().stream().filter(NotCompared::cannotBeJudged).count();
  }

  /** How many differences there are, listed or not. */
  public long differenceCount() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
