package dev.crossfade.launcher.settings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong, so that all of it can be told at once. */
final class Problems {
  /** Overrides have no line and come last. */
  private static final Comparator<SettingsError> ORDER =
      Comparator.comparing((SettingsError error) -> error.line() == 0)
          .thenComparingInt(SettingsError::line)
          .thenComparingInt(SettingsError::column);

  private final List<SettingsError> errors = new ArrayList<>();
  private final Set<List<String>> paths = new HashSet<>();

  void add(Location location, List<String> path, String message) {
    paths.add(path);
    errors.add(location.error(Paths.shown(path), message));
  }

  /** Whether the setting at exactly this path is known to be wrong. */
  boolean at(List<String> path) {
    return paths.contains(path);
  }

  boolean isEmpty() {
    return errors.isEmpty();
  }

  SettingsException toException() {
    return new SettingsException(errors.stream().sorted(ORDER).toList());
  }
}
