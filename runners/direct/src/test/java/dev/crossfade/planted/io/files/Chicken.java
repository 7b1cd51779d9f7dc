package dev.crossfade.planted.io.files;

import dev.crossfade.planted.io.jdbc.Egg;

/** A violation: one half of a cycle. */
public final class Chicken {
  private Chicken() {}

  /** Lays. */
  public static Class<?> egg() {
    return Egg.class;
  }
}
