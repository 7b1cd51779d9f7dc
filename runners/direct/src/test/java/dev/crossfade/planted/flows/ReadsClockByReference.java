package dev.crossfade.planted.flows;

import java.time.Instant;
import java.util.function.Supplier;

/** A violation: reads the wall clock by a method reference. */
final class ReadsClockByReference {
  private ReadsClockByReference() {}

  static Supplier<Instant> clock() {
    return Instant::now;
  }
}
