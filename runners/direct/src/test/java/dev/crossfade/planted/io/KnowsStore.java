package dev.crossfade.planted.io;

import dev.crossfade.planted.migration.Known;

/** A violation: io that knows migration. */
final class KnowsStore {
  private KnowsStore() {}

  static Class<?> known() {
    return Known.class;
  }
}
