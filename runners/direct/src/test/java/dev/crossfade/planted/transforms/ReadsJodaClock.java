package dev.crossfade.planted.transforms;

import org.joda.time.DateTime;

/** A violation: reads the wall clock with a constructor of Joda time. */
final class ReadsJodaClock {
  private ReadsJodaClock() {}

  @SuppressWarnings("JodaConstructors")
  static DateTime read() {
    return new DateTime();
  }
}
