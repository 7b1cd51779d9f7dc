package dev.crossfade.planted.transforms;

import dev.crossfade.planted.migration.Known;

/** A violation: a transform that knows migration. */
final class KnowsStore {
  private KnowsStore() {}

  static Class<?> known() {
    return Known.class;
  }
}
