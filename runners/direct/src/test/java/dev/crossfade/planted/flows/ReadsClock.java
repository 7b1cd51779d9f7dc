package dev.crossfade.planted.flows;

import java.time.Instant;

/** A violation: a flow that reads the wall clock. */
final class ReadsClock {
  private ReadsClock() {}

  static Instant read() {
    return Instant.now();
  }
}
