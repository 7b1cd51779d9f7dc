package dev.crossfade.planted.transforms.graph;

/** Is known by violations. */
public final class Known {
  private Known() {}
}
