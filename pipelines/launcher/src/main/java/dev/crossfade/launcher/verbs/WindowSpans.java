package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.windows.WindowShape;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Windows as people name them: spans {@code FROM/TO}, with commas between them. */
final class WindowSpans {
  private WindowSpans() {}

  /**
   * The windows of spans, in order and each once.
   *
   * @param option how messages call the option
   * @throws VerbException if a span is none, or cuts a window
   */
  static List<EventWindow> windows(WindowShape shape, String option, List<String> spans) {
    TreeSet<EventWindow> windows = new TreeSet<>();
    for (String span : spans) {
      windows.addAll(windows(shape, option, span(option, span)));
    }
    return new ArrayList<>(windows);
  }

  static List<EventWindow> windows(WindowShape shape, String option, EventWindow span) {
    try {
      return shape.windowsOf(span);
    } catch (IllegalArgumentException e) {
      throw new VerbException(ExitCode.USAGE, option + ": " + e.getMessage(), e);
    }
  }

  /** A span such as {@code 2001-01-01T00:00:00Z/2001-01-02T00:00:00Z}. */
  static EventWindow span(String option, String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new VerbException(
          ExitCode.USAGE,
          option
              + " is '"
              + text
              + "'; expected a span such as 2001-01-01T00:00:00Z/2001-01-02T00:00:00Z");
    }
    return span(option, text.substring(0, slash), text.substring(slash + 1));
  }

  static EventWindow span(String option, String from, String to) {
    try {
      return new EventWindow(instant(option, from), instant(option, to));
    } catch (IllegalArgumentException e) {
      throw new VerbException(ExitCode.USAGE, option + ": " + e.getMessage(), e);
    }
  }

  /** An instant such as {@code 2001-01-01T00:00:00Z}. */
  static Instant instant(String option, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new VerbException(
          ExitCode.USAGE,
          option + ": '" + text + "' is no instant with its offset, such as 2001-01-01T00:00:00Z",
          e);
    }
  }
}
