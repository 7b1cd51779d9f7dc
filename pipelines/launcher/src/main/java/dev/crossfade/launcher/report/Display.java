package dev.crossfade.launcher.report;

import dev.crossfade.transforms.results.EventWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * How the page writes numbers, durations and times: the same on every machine, whatever its
 * language and its zone.
 */
final class Display {
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEE, MMM d", Locale.US);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.US);
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("MMMM d, uuuu, HH:mm:ss", Locale.US);

  private static final int DIGEST_HEAD = 8;
  private static final int DIGEST_TAIL = 4;

  private Display() {}

  /** A number with thousands separators. */
  static String count(long number) {
    return String.format(Locale.US, "%,d", number);
  }

  /** A number and its noun, in the right form: 1 row, 2 rows. */
  static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** A share from 0 to 1 as a percentage; only what is all or nothing is written as 100 or 0. */
  static String percent(double share) {
    if (share > 0 && share < 0.001) {
      return "< 0.1%";
    }
    if (share < 1 && share > 0.999) {
      return "> 99.9%";
    }
    double percent = share * 100;
    return percent == Math.rint(percent)
        ? String.format(Locale.US, "%.0f%%", percent)
        : String.format(Locale.US, "%.1f%%", percent);
  }

  /** A coordinate: two digits are finer than any screen. */
  static String coordinate(double value) {
    String text = String.format(Locale.US, "%.2f", value);
    String trimmed = text.replaceAll("0+$", "").replaceAll("\\.$", "");
    return trimmed.equals("-0") ? "0" : trimmed;
  }

  /** A duration in its two largest units, such as {@code 1 h 30 min}. */
  static String duration(Duration duration) {
    if (duration.isNegative()) {
      return "−" + duration(duration.negated());
    }
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return duration.toMillis() + " ms";
    }
    if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
      return duration.toMillisPart() == 0
          ? duration.toSeconds() + " s"
          : String.format(Locale.US, "%.1f s", Math.floor(duration.toMillis() / 100.0) / 10);
    }
    if (duration.compareTo(Duration.ofHours(1)) < 0) {
      return twoUnits(duration.toMinutes(), "min", duration.toSecondsPart(), "s");
    }
    if (duration.compareTo(Duration.ofDays(2)) <= 0) {
      return twoUnits(duration.toHours(), "h", duration.toMinutesPart(), "min");
    }
    return twoUnits(duration.toDays(), "d", duration.toHoursPart(), "h");
  }

  private static String twoUnits(long large, String largeUnit, long small, String smallUnit) {
    String text = count(large) + " " + largeUnit;
    return small == 0 ? text : text + " " + small + " " + smallUnit;
  }

  /** A point in time, with its zone. */
  static String moment(Instant instant, ZoneId zone) {
    return MOMENT.format(instant.atZone(zone)) + " " + zone.getId();
  }

  /** A day of a zone. */
  static String day(ZonedDateTime time) {
    return DAY.format(time);
  }

  /** A window in a zone, without the zone's name; a whole day is written as that day. */
  static String window(EventWindow window, ZoneId zone) {
    ZonedDateTime start = window.start().atZone(zone);
    ZonedDateTime end = window.end().atZone(zone);
    boolean fromMidnight = start.equals(start.toLocalDate().atStartOfDay(zone));
    if (fromMidnight && end.equals(start.toLocalDate().plusDays(1).atStartOfDay(zone))) {
      return DAY.format(start);
    }
    if (start.toLocalDate().equals(end.minusNanos(1).toLocalDate())) {
      return DAY.format(start) + ", " + TIME.format(start) + "–" + TIME.format(end);
    }
    return DAY.format(start)
        + ", "
        + TIME.format(start)
        + " – "
        + DAY.format(end)
        + ", "
        + TIME.format(end);
  }

  /** A digest short enough for a table: its count, and the ends of its sum. */
  static String digest(String digest) {
    String sum = digest.substring(digest.indexOf(':') + 1);
    return sum.length() <= DIGEST_HEAD + DIGEST_TAIL + 1
        ? sum
        : sum.substring(0, DIGEST_HEAD) + "…" + sum.substring(sum.length() - DIGEST_TAIL);
  }

  /** Words in a row: {@code a, b and c}. */
  static String list(List<String> words) {
    if (words.size() < 2) {
      return String.join("", words);
    }
    return String.join(", ", words.subList(0, words.size() - 1))
        + " and "
        + words.get(words.size() - 1);
  }

  /** The same text with its first letter in upper case. */
  static String capitalize(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
