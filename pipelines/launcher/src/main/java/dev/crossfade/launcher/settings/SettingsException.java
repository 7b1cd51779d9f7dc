package dev.crossfade.launcher.settings;

import java.util.List;
import java.util.stream.Collectors;

/** The settings are wrong. Holds everything that is wrong with them, not only the first thing. */
public final class SettingsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final List<SettingsError> errors;

  /** Of these errors, which are in the order of the file. */
  public SettingsException(List<SettingsError> errors) {
    super(errors.stream().map(SettingsError::toString).collect(Collectors.joining("\n")));
    this.errors = List.copyOf(errors);
  }

  /** What is wrong, in the order of the file; what is wrong with overrides comes last. */
  public List<SettingsError> errors() {
    return errors;
  }
}
