package dev.crossfade.launcher.settings;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Objects;

/**
 * A value that is to be used but never shown: its text and its JSON are a mask, so that it can be
 * part of a record, of a log line and of a report. It cannot be serialized: workers get credentials
 * another way (see {@link dev.crossfade.io.credentials}).
 */
public final class Secret {
  /** What is shown in place of a secret. */
  static final String MASK = "***";

  private final String value;

  private Secret(String value) {
    this.value = Objects.requireNonNull(value, "value");
  }

  /** Wraps a value. */
  public static Secret of(String value) {
    return new Secret(value);
  }

  /** The value in clear. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && value.equals(secret.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @JsonValue
  @Override
  public String toString() {
    return MASK;
  }
}
