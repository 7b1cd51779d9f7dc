package dev.crossfade.planted.flows;

/** Is known by violations. */
public final class Known {
  private Known() {}
}
