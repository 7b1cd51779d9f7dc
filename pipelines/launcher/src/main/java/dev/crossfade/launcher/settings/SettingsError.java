package dev.crossfade.launcher.settings;

import java.io.Serializable;

/**
 * One thing that is wrong with the settings.
 *
 * @param file the settings file as it was named, or {@code --set path=…} for an override, whose
 *     value is left out since it may be a password
 * @param line the line in the file, from 1; 0 if there is none
 * @param column the column in that line, from 1; 0 if there is none
 * @param path the keys down to the setting, joined by dots; empty for the file as a whole
 * @param message what is wrong, and what would be right
 */
public record SettingsError(String file, int line, int column, String path, String message)
    implements Serializable {
  /** The error in one line, as {@code file:line:column: path: message}. */
  @Override
  public String toString() {
    return file
        + (line > 0 ? ":" + line + ":" + column : "")
        + (path.isEmpty() ? "" : ": " + path)
        + ": "
        + message;
  }
}
