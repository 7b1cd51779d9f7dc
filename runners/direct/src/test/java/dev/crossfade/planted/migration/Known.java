package dev.crossfade.planted.migration;

/** Is known by violations. */
public final class Known {
  private Known() {}
}
