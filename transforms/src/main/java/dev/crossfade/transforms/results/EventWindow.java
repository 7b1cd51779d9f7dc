package dev.crossfade.transforms.results;

import java.io.Serializable;
import java.time.Instant;

/**
 * The event-time interval that a result belongs to.
 *
 * @param start the first instant in the window
 * @param end the first instant after it
 */
public record EventWindow(Instant start, Instant end)
    implements Serializable, Comparable<EventWindow> {
  /** Refuses an interval that holds nothing. */
  public EventWindow {
    if (!start.isBefore(end)) {
      throw new IllegalArgumentException("a window from " + start + " to " + end + " is empty");
    }
  }

  @Override
  public int compareTo(EventWindow other) {
    int byStart = start.compareTo(other.start);
    return byStart != 0 ? byStart : end.compareTo(other.end);
  }

  @Override
  public String toString() {
    return "[" + start + ", " + end + ")";
  }
}
