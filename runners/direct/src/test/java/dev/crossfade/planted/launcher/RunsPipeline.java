package dev.crossfade.planted.launcher;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;

/** A violation: runs a pipeline with whatever its runner opens to others. */
final class RunsPipeline {
  private RunsPipeline() {}

  static PipelineResult run(Pipeline pipeline) {
    return pipeline.run();
  }
}
