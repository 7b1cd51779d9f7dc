package dev.crossfade.planted.transforms.results;

/** Is known by violations. */
public final class Known {
  private Known() {}
}
