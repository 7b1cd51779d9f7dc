package dev.crossfade.transforms.windows;

import dev.crossfade.transforms.results.ColumnType;
import java.io.Serializable;
import java.time.Duration;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.AfterProcessingTime;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Window;

/**
 * A flow's windows and how it deals with disorder.
 *
 * @param shape how event time is cut
 * @param watermarkDelay how far a partition's watermark stays behind the newest event time it has
 *     delivered: disorder up to this is waited for
 * @param allowedLateness how long after the watermark has passed its end a window still takes
 *     events, each of which corrects the result; then it is closed
 * @param earlyFiring how long after the first event of a window since its last result an open
 *     window shows a result; the only place where processing time is asked, and what it shows is
 *     replaced
 */
public record Windowing(
    WindowShape shape, Duration watermarkDelay, Duration allowedLateness, Duration earlyFiring)
    implements Serializable {
  /** Refuses negative durations. */
  public Windowing {
    if (watermarkDelay.isNegative() || allowedLateness.isNegative()) {
      throw new IllegalArgumentException("watermarkDelay and allowedLateness are not negative");
    }
    if (earlyFiring.toMillis() <= 0) {
      throw new IllegalArgumentException("earlyFiring is at least 1ms, not " + earlyFiring);
    }
  }

  /** When the window that starts at {@code start} closes: its end plus the allowed lateness. */
  public long closingOf(long start) {
    return shape.endOf(start) + allowedLateness.toMillis();
  }

  /**
   * Whether every instant of the window that starts at {@code start} is one that a table can hold,
   * a {@link ColumnType#TIMESTAMP}; the window's own bounds are columns of each row.
   */
  public boolean isHeld(long start) {
    return start >= ColumnType.FIRST_TIMESTAMP.toEpochMilli()
        && shape.endOf(start) - 1 <= ColumnType.LAST_TIMESTAMP.toEpochMilli();
  }

  /**
   * Beam's windowing of these settings: panes accumulate, fire early, when the watermark passes the
   * window's end, and for each element after that. A pane without an element does not fire: a
   * watermark that jumps to the end of time would otherwise replace good results by empty ones.
   */
  public <T> Window<T> into() {
    return Window.<T>into(new ShapedWindows(shape))
        .triggering(
            AfterWatermark.pastEndOfWindow()
                .withEarlyFirings(
                    AfterProcessingTime.pastFirstElementInPane()
                        .plusDelayOf(org.joda.time.Duration.millis(earlyFiring.toMillis())))
                .withLateFirings(AfterPane.elementCountAtLeast(1)))
        .withAllowedLateness(
            org.joda.time.Duration.millis(allowedLateness.toMillis()),
            Window.ClosingBehavior.FIRE_IF_NON_EMPTY)
        .withOnTimeBehavior(Window.OnTimeBehavior.FIRE_IF_NON_EMPTY)
        .accumulatingFiredPanes();
  }

  /**
   * Beam's windowing of what is counted over all time: one window without an end, whose sum so far
   * shows as often as an open window's early result, and at the end of the input.
   */
  public <T> Window<T> intoAllTime() {
    return Window.<T>into(new GlobalWindows())
        .triggering(
            Repeatedly.forever(
                AfterProcessingTime.pastFirstElementInPane()
                    .plusDelayOf(org.joda.time.Duration.millis(earlyFiring.toMillis()))))
        .withAllowedLateness(org.joda.time.Duration.ZERO)
        .accumulatingFiredPanes();
  }
}
