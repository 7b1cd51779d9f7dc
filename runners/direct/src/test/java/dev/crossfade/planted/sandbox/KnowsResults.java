package dev.crossfade.planted.sandbox;

import dev.crossfade.planted.transforms.results.Known;

/** A violation: a sandbox that knows results. */
final class KnowsResults {
  private KnowsResults() {}

  static Class<?> known() {
    return Known.class;
  }
}
