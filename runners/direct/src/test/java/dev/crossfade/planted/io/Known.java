package dev.crossfade.planted.io;

/** Is known by violations. */
public final class Known {
  private Known() {}
}
