package dev.crossfade.planted.transforms;

import org.apache.beam.sdk.transforms.windowing.AfterProcessingTime;
import org.apache.beam.sdk.transforms.windowing.Trigger;

/** A violation: fires by processing time. */
final class FiresByTheClock {
  private FiresByTheClock() {}

  static Trigger trigger() {
    return AfterProcessingTime.pastFirstElementInPane();
  }
}
