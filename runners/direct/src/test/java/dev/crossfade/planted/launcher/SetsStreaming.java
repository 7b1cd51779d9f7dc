package dev.crossfade.planted.launcher;

import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.StreamingOptions;

/** A violation: sets the streaming flag. */
final class SetsStreaming {
  private SetsStreaming() {}

  static void set(PipelineOptions options) {
    options.as(StreamingOptions.class).setStreaming(true);
  }
}
