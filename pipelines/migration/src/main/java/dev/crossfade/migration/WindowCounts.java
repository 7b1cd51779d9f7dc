package dev.crossfade.migration;

/**
 * What the comparison found in one window.
 *
 * @param leftRows rows of the left lane
 * @param rightRows rows of the right lane
 * @param equalRows rows that both lanes have
 */
public record WindowCounts(long leftRows, long rightRows, long equalRows) {
  /** Nothing found yet. */
  static final WindowCounts NONE = new WindowCounts(0, 0, 0);

  /** Rows that differ, counting a row of one lane and the one it stands against as one. */
  public long differingRows() {
    return Math.max(leftRows, rightRows) - equalRows;
  }

  WindowCounts plus(WindowCounts other) {
    return plus(other.leftRows, other.rightRows, other.equalRows);
  }

  WindowCounts plus(long left, long right, long equal) {
    return new WindowCounts(leftRows + left, rightRows + right, equalRows + equal);
  }
}
