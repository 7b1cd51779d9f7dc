package dev.crossfade.launcher.settings;

import java.util.List;
import org.yaml.snakeyaml.error.Mark;

/**
 * Where a setting was written.
 *
 * @param file the settings file, or {@code --set path=…}
 * @param line from 1, or 0 for an override
 * @param column from 1, or 0 for an override
 */
public record Location(String file, int line, int column) {
  static Location of(String file, Mark mark) {
    return new Location(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** What is wrong with the setting that was written here. */
  public SettingsError error(String path, String message) {
    return new SettingsError(file, line, column, path, message);
  }

  static Location ofOverride(List<String> path) {
    return new Location("--set " + Paths.shown(path) + "=…", 0, 0);
  }
}
