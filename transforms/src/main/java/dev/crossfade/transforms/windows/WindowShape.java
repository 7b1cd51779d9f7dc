package dev.crossfade.transforms.windows;

import dev.crossfade.transforms.records.TimeFormat;
import dev.crossfade.transforms.results.EventWindow;
import java.io.Serializable;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;

/**
 * How event time is cut into windows. Each instant lies in exactly one, and each window begins
 * where the one before it ends. An instant lies before the end of its window; see {@link
 * OfLocalDays} for the few that lie before its start.
 */
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
   * Windows of equal length, one of which begins a given time after 1970-01-01T00:00Z.
   *
   * @param size the length, at least one millisecond
   * @param offset how long after 1970-01-01T00:00Z a window begins, less than the length: hours of
   *     Asia/Kolkata, 5:30 h ahead of UTC, begin at its half hours
   */
  record Fixed(Duration size, Duration offset) implements WindowShape {
    /** Refuses a length that is not a positive number of milliseconds, and an offset beyond it. */
    public Fixed {
      if (size.toMillis() <= 0 || !Duration.ofMillis(size.toMillis()).equals(size)) {
        throw new IllegalArgumentException(
            "a window's size is a positive number of milliseconds, not " + size);
      }
      if (offset.isNegative()
          || offset.compareTo(size) >= 0
          || !Duration.ofMillis(offset.toMillis()).equals(offset)) {
        throw new IllegalArgumentException(
            "a window's offset is a number of milliseconds from 0 to less than its size "
                + size
                + ", not "
                + offset);
      }
    }

    /** Windows counted from 1970-01-01T00:00Z. */
    public Fixed(Duration size) {
      this(size, Duration.ZERO);
    }

    @Override
    public long startOf(long millis) {
      return millis - Math.floorMod(millis - offset.toMillis(), size.toMillis());
    }

    @Override
    public long endOf(long start) {
      return start + size.toMillis();
    }
  }

  /**
   * Windows of whole calendar days of a zone.
   *
   * <p>An instant lies in the window of its local date, which is PostgreSQL's {@code (t AT TIME
   * ZONE zone)::date}. A window begins at the midnight of its first day and ends at the midnight
   * after its last one, and midnight is read as PostgreSQL's {@code AT TIME ZONE} reads it: where
   * the clocks skip it, it has the offset from before; where they fall back over it and it comes
   * twice, it is the second one. So a row of a job in SQL, {@code GROUP BY (t AT TIME ZONE
   * zone)::date}, has the same window and the same events.
   *
   * <p>Days have 23 or 25 hours where the clocks change. In the few zones that change them at
   * midnight, three things are not as one might think:
   *
   * <ul>
   *   <li>What comes between a first midnight and the second one, such as an hour in Havana each
   *       autumn, already belongs to the new day, although the new window begins at the second
   *       midnight. An interval that is to cover a day's input has to begin at the first one.
   *   <li>Where the clocks fall back from after midnight to before it, as in St. John's up to 2011
   *       (a minute past it), the old date comes back after the new one. Instants go by their date.
   *   <li>A local time without an offset that the clocks skip up to midnight, such as 23:30 in Nuuk
   *       on 2024-03-30 or 23:45 in Pyongyang on 2018-05-04, is an instant of the next day, as it
   *       is for {@code (local AT TIME ZONE zone) AT TIME ZONE zone}. A job that cuts local times
   *       without ever looking at the instant, {@code date_trunc('day', local)}, has it in the day
   *       before.
   * </ul>
   *
   * <p>A day that a zone has skipped as a whole has no window.
   */
  sealed interface OfLocalDays extends WindowShape permits LocalDay, LocalWeek, LocalMonth {
    /** The zone whose days are meant. */
    ZoneId zone();

    /** The first day of the window that a day lies in. */
    LocalDate firstDay(LocalDate day);

    /** The first day of the window after the one that begins with a day. */
    LocalDate next(LocalDate firstDay);

    @Override
    default long startOf(long millis) {
      return midnight(firstDay(dateOf(millis)));
    }

    @Override
    default long endOf(long start) {
      return midnight(next(firstDay(dateOf(start))));
    }

    private LocalDate dateOf(long millis) {
      return Instant.ofEpochMilli(millis).atZone(zone()).toLocalDate();
    }

    private long midnight(LocalDate day) {
      return TimeFormat.at(day.atStartOfDay(), zone()).toEpochMilli();
    }
  }

  /**
   * Calendar days of a zone.
   *
   * @param zone the zone whose days are meant
   */
  record LocalDay(ZoneId zone) implements OfLocalDays {
    @Override
    public LocalDate firstDay(LocalDate day) {
      return day;
    }

    @Override
    public LocalDate next(LocalDate firstDay) {
      return firstDay.plusDays(1);
    }
  }

  /**
   * Calendar weeks of a zone. Those that begin on Monday are PostgreSQL's {@code date_trunc('week',
   * …)}.
   *
   * @param zone the zone whose days are meant
   * @param firstDayOfWeek the day on which a week begins
   */
  record LocalWeek(ZoneId zone, DayOfWeek firstDayOfWeek) implements OfLocalDays {
    @Override
    public LocalDate firstDay(LocalDate day) {
      return day.with(TemporalAdjusters.previousOrSame(firstDayOfWeek));
    }

    @Override
    public LocalDate next(LocalDate firstDay) {
      return firstDay.plusWeeks(1);
    }
  }

  /**
   * Calendar months of a zone.
   *
   * @param zone the zone whose days are meant
   */
  record LocalMonth(ZoneId zone) implements OfLocalDays {
    @Override
    public LocalDate firstDay(LocalDate day) {
      return day.withDayOfMonth(1);
    }

    @Override
    public LocalDate next(LocalDate firstDay) {
      return firstDay.plusMonths(1);
    }
  }
}
