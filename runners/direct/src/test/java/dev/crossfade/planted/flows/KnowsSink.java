package dev.crossfade.planted.flows;

import dev.crossfade.planted.io.Known;

/** A violation: a flow that knows io. */
final class KnowsSink {
  private KnowsSink() {}

  static Class<?> known() {
    return Known.class;
  }
}
