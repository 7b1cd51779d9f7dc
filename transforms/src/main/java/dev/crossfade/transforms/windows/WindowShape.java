package dev.crossfade.transforms.windows;

import dev.crossfade.transforms.results.EventWindow;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** How event time is cut into windows. Each instant lies in exactly one. */
public sealed interface WindowShape extends Serializable {
  /** How many windows are named one by one; more are most likely a slip in a year. */
  int MOST_WINDOWS = 100_000;

  /** The first millisecond of the window that holds an instant, both since 1970-01-01T00:00Z. */
  long startOf(long millis);

  /** The first millisecond after the window that starts at {@code start}. */
  long endOf(long start);

  /** The window that holds an instant. */
  default EventWindow windowOf(Instant instant) {
    long start = startOf(instant.toEpochMilli());
    return new EventWindow(Instant.ofEpochMilli(start), Instant.ofEpochMilli(endOf(start)));
  }

  /**
   * The windows that a span consists of, in order.
   *
   * @throws IllegalArgumentException if the span does not begin and end with a window; the message
   *     names the nearest bounds that are right. Likewise if it has more than {@link #MOST_WINDOWS}
   */
  default List<EventWindow> windowsOf(EventWindow span) {
    requireBound("begins", span.start());
    requireBound("ends", span.end());
    List<EventWindow> windows = new ArrayList<>();
    for (Instant next = span.start(); next.isBefore(span.end()); ) {
      EventWindow window = windowOf(next);
      if (windows.size() == MOST_WINDOWS) {
        throw new IllegalArgumentException(
            "the span " + span + " has more than " + MOST_WINDOWS + " windows; name a shorter one");
      }
      windows.add(window);
      next = window.end();
    }
    return windows;
  }

  private void requireBound(String how, Instant bound) {
    EventWindow window = windowOf(bound);
    if (!window.start().equals(bound)) {
      throw new IllegalArgumentException(
          "the span "
              + how
              + " at "
              + bound
              + ", within the window "
              + window
              + "; a window is computed whole, so name "
              + window.start()
              + " or "
              + window.end());
    }
  }

  /**
   * Windows of equal length, counted from 1970-01-01T00:00Z.
   *
   * @param size the length, at least one millisecond
   */
  record Fixed(Duration size) implements WindowShape {
    /** Refuses a length that is not a positive number of milliseconds. */
    public Fixed {
      if (size.toMillis() <= 0 || !Duration.ofMillis(size.toMillis()).equals(size)) {
        throw new IllegalArgumentException(
            "a window's size is a positive number of milliseconds, not " + size);
      }
    }

    @Override
    public long startOf(long millis) {
      return millis - Math.floorMod(millis, size.toMillis());
    }

    @Override
    public long endOf(long start) {
      return start + size.toMillis();
    }
  }

  /**
   * Calendar days of a zone, 23 or 25 hours long when the clocks change. A day begins when its
   * midnight is, and midnight is read as every other local time is (see {@link
   * dev.crossfade.transforms.records.EventTimes}): where the clocks fall back over it and it comes
   * twice, the second one counts, and until then the day before goes on. Where the clocks skip it,
   * the day begins with the first local time that exists; a day that is skipped as a whole has no
   * window.
   *
   * <p>So a local time lies in the window of its own date, as in a job in SQL over local times.
   *
   * @param zone the zone whose days are meant
   */
  record LocalDay(ZoneId zone) implements WindowShape {
    @Override
    public long startOf(long millis) {
      LocalDate day = Instant.ofEpochMilli(millis).atZone(zone).toLocalDate();
      long start = startOf(day);
      // Before its second midnight, the clock has shown the new date once already.
      return start <= millis ? start : startOf(day.minusDays(1));
    }

    @Override
    public long endOf(long start) {
      return startOf(Instant.ofEpochMilli(start).atZone(zone).toLocalDate().plusDays(1));
    }

    private long startOf(LocalDate day) {
      return day.atStartOfDay(zone).withLaterOffsetAtOverlap().toInstant().toEpochMilli();
    }
  }
}
