package dev.crossfade.launcher.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Tells of keys of windows that do not go together. What is known to be wrong is left alone. */
final class WindowCheck {
  private static final List<String> SIZE = List.of("window", "size");
  private static final List<String> OFFSET = List.of("window", "offset");

  private final TypedTree settings;
  private final Problems problems;

  private WindowCheck(TypedTree settings, Problems problems) {
    this.settings = settings;
    this.problems = problems;
  }

  static void check(TypedTree settings, Problems problems) {
    WindowCheck check = new WindowCheck(settings, problems);
    check.goesWith("offset", "size", "only windows of a size have an offset");
    check.goesWith("firstDayOfWeek", "localWeek", "only local weeks have a first day");
    check.offset();
  }

  private void goesWith(String key, String other, String why) {
    List<String> path = List.of("window", key);
    if (isWritten(path) && !isWritten(List.of("window", other)) && !problems.at(path)) {
      problems.add(
          settings.keyLocation(path), path, "is refused: " + why + ", see window." + other);
    }
  }

  private void offset() {
    Optional<Duration> size = settings.duration(SIZE, problems);
    Optional<Duration> offset = settings.duration(OFFSET, problems);
    if (size.isPresent() && offset.isPresent() && offset.get().compareTo(size.get()) >= 0) {
      problems.add(
          settings.location(OFFSET),
          OFFSET,
          settings.shown(OFFSET)
              + "; expected less than window.size, which "
              + settings.shown(SIZE));
    }
  }

  private boolean isWritten(List<String> path) {
    return !settings.at(path).isMissingNode();
  }
}
