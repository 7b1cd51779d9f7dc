package dev.crossfade.planted.transforms;

import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;

/** A violation: sets a timer by processing time. */
final class SetsProcessingTimer {
  private SetsProcessingTimer() {}

  static TimerSpec timer() {
    return TimerSpecs.timer(TimeDomain.PROCESSING_TIME);
  }
}
