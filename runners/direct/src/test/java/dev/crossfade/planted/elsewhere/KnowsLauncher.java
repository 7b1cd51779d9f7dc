package dev.crossfade.planted.elsewhere;

import dev.crossfade.planted.launcher.Known;

/** A violation: knows the launcher. */
final class KnowsLauncher {
  private KnowsLauncher() {}

  static Class<?> known() {
    return Known.class;
  }
}
