package dev.crossfade.launcher.lanes;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;

/** Runs a pipeline to its end. */
final class PipelineRun {
  private PipelineRun() {}

  /**
   * Runs a pipeline and waits for it.
   *
   * @param what how messages call it
   * @throws VerbException if it does not succeed, or has dropped anything
   */
  static PipelineResult execute(Pipeline pipeline, String what) {
    try {
      PipelineResult result = pipeline.run();
      PipelineResult.State state = result.waitUntilFinish();
      if (state != PipelineResult.State.DONE) {
        throw new VerbException(ExitCode.FAILED, what + " ended as " + state);
      }
      DroppedDueToLateness.requireNone(result, what);
      return result;
    } catch (VerbException e) {
      throw e;
    } catch (RuntimeException e) {
      // A runner wraps what a worker says many times over; the innermost is what happened.
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw new VerbException(ExitCode.FAILED, what + " failed: " + cause, e);
    }
  }
}
