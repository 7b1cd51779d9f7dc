package dev.crossfade.planted.migration;

import dev.crossfade.planted.transforms.graph.Known;

/** A violation: migration that knows the graph. */
final class KnowsGraph {
  private KnowsGraph() {}

  static Class<?> known() {
    return Known.class;
  }
}
