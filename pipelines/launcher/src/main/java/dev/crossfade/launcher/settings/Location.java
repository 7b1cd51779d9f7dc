package dev.crossfade.launcher.settings;

import java.util.List;
import org.yaml.snakeyaml.error.Mark;

/**
 * Where something was written.
 *
 * @param file the settings file, or {@code --set path=…}
 * @param line from 1, or 0 for an override
 * @param column from 1, or 0 for an override
 */
record Location(String file, int line, int column) {
  static Location of(String file, Mark mark) {
    return new Location(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  static Location ofOverride(List<String> path) {
    return new Location("--set " + Paths.shown(path) + "=…", 0, 0);
  }
}
