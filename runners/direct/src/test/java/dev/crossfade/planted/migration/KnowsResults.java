package dev.crossfade.planted.migration;

import dev.crossfade.planted.transforms.results.Known;

/** No violation: migration may know the results. */
final class KnowsResults {
  private KnowsResults() {}

  static Class<?> known() {
    return Known.class;
  }
}
