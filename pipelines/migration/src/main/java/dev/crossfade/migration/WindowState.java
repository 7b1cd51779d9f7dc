package dev.crossfade.migration;

/**
 * What a lane says of a window: whether it has closed it, and if not, why. What is not closed is
 * not compared. It may be compared later, or there is something that nobody can judge.
 */
public enum WindowState {
  /** The lane will not change the window any more, whether it has rows there or not. */
  CLOSED("closed"),
  /**
   * The window ends after all that the lane has closed so far: a stream is still at it or was
   * stopped before its end, and the input of a batch is complete for earlier ones only.
   */
  NOT_YET("not closed yet"),
  /** The window begins before the time that the lane knows all of, and will not be closed by it. */
  BEFORE_SPAN("before the time that the lane is complete for"),
  /**
   * Nothing says that the lane has all of the window: it lies outside of the first and the last
   * window of a lane that says no span, or between spans that runs were asked for.
   */
  UNKNOWN("nothing says that the lane is complete there"),
  /** The lane has closed the window and still holds rows there which an earlier run has left. */
  EARLIER_RUN("the lane still holds rows of an earlier run there");

  private final String text;

  WindowState(String text) {
    this.text = text;
  }

  /** The same in words, to stand behind a number of windows. */
  public String text() {
    return text;
  }

  /** Whether a window is in this state so that no lane's going on will let it be compared. */
  boolean cannotBeJudged() {
    return this != CLOSED && this != NOT_YET;
  }
}
