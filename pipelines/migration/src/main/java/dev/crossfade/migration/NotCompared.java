package dev.crossfade.migration;

/**
 * A window that was not compared, though one of the lanes has something there.
 *
 * @param leftRows rows of the left lane
 * @param rightRows rows of the right lane
 * @param left what the left lane says of the window
 * @param right what the right lane says of it
 */
public record NotCompared(long leftRows, long rightRows, WindowState left, WindowState right) {
  /**
   * Whether the window stands against a verdict. One that a lane is still to close does not: it is
   * compared when it is closed. One that both could be asked about, and of which one cannot tell,
   * does.
   */
  public boolean cannotBeJudged() {
    return left != WindowState.NOT_YET
        && right != WindowState.NOT_YET
        && (left.cannotBeJudged() || right.cannotBeJudged());
  }
}
