package dev.crossfade.io;

import dev.crossfade.transforms.records.Nullable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

/** An event for the tests of this module. */
public record Reading(
    Instant at, String sensor, int value, @Nullable BigDecimal amount, @Nullable LocalDate day) {
  /** Refuses a negative value. */
  public Reading {
    if (value < 0) {
      throw new IllegalArgumentException("value is " + value);
    }
  }

  /** A reading as JSON. */
  public static String json(String at, String sensor, int value) {
    return "{\"at\":\"%s\",\"sensor\":\"%s\",\"value\":%d}".formatted(at, sensor, value);
  }
}
