package dev.crossfade.planted.launcher;

/** Is known by violations. */
public final class Known {
  private Known() {}
}
