package dev.crossfade.launcher.settings;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as they are written in settings: {@code 5h30m}, {@code 250ms}. */
final class DurationText {
  /** A longer one is a slip of the pen, and would overflow when it is added to an instant. */
  static final Duration LONGEST = Duration.ofDays(36_500);

  private static final Pattern TEXT =
      Pattern.compile(
          "(?=[0-9])([0-9]{1,9}d)?([0-9]{1,9}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?");

  private DurationText() {}

  /** The duration that a text stands for, or nothing if it stands for none. */
  static Optional<Duration> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Duration duration =
        Duration.ofDays(number(matcher.group(1), 1))
            .plusHours(number(matcher.group(2), 1))
            .plusMinutes(number(matcher.group(3), 1))
            .plusSeconds(number(matcher.group(4), 1))
            .plusMillis(number(matcher.group(5), 2));
    return duration.compareTo(LONGEST) > 0 ? Optional.empty() : Optional.of(duration);
  }

  private static long number(String digitsAndUnit, int unitLength) {
    return digitsAndUnit == null
        ? 0
        : Long.parseLong(digitsAndUnit, 0, digitsAndUnit.length() - unitLength, 10);
  }

  /**
   * The one text of a duration, from hours down: a day is left as 24h, which cannot be taken for a
   * day of a local calendar.
   */
  static String format(Duration duration) {
    StringBuilder text = new StringBuilder();
    append(text, duration.toHours(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void append(StringBuilder text, long number, String unit) {
    if (number > 0) {
      text.append(number).append(unit);
    }
  }
}
