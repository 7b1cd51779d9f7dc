package dev.crossfade.planted.io.jdbc;

import dev.crossfade.planted.io.files.Chicken;

/** A violation: one half of a cycle. */
public final class Egg {
  private Egg() {}

  /** Hatches. */
  public static Class<?> chicken() {
    return Chicken.class;
  }
}
