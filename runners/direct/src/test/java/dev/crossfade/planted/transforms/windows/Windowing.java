package dev.crossfade.planted.transforms.windows;

import org.apache.beam.sdk.transforms.windowing.AfterProcessingTime;
import org.apache.beam.sdk.transforms.windowing.Trigger;

/** No violation: the early firing of a flow is made here. */
final class Windowing {
  private Windowing() {}

  static Trigger trigger() {
    return AfterProcessingTime.pastFirstElementInPane();
  }
}
