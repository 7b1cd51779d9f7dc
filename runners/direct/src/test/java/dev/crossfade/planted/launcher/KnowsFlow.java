package dev.crossfade.planted.launcher;

import dev.crossfade.planted.flows.Known;

/** A violation: a launcher that knows a flow by its class. */
final class KnowsFlow {
  private KnowsFlow() {}

  static Class<?> known() {
    return Known.class;
  }
}
