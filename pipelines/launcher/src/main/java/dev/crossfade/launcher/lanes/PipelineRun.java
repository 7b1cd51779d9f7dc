package dev.crossfade.launcher.lanes;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.runners.EmbeddedRunner;
import dev.crossfade.migration.RunGoneException;
import dev.crossfade.migration.RunLease;
import dev.crossfade.migration.StoreException;
import java.io.IOException;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;

/** Runs a pipeline to its end, out of reach of others. All that is run is run here. */
final class PipelineRun {
  private PipelineRun() {}

  /**
   * Runs a pipeline and waits for it.
   *
   * @param what how messages call it
   * @param lease the right to compute it
   * @throws VerbException if it does not succeed, or has dropped anything
   * @throws RunGoneException if it does not succeed and its run is not this process's any more
   */
  static PipelineResult execute(Pipeline pipeline, String what, RunLease lease) {
    try {
      return execute(pipeline, what);
    } catch (VerbException failed) {
      requireHeld(lease, failed);
      throw failed;
    }
  }

  /** A failure of a run that another process has taken over is that it was taken over. */
  private static void requireHeld(RunLease lease, VerbException failed) {
    try {
      lease.renew();
    } catch (RunGoneException gone) {
      gone.addSuppressed(failed);
      throw gone;
    } catch (StoreException unknown) {
      failed.addSuppressed(unknown);
    }
  }

  /** The same of a pipeline that writes nothing as a run. */
  static PipelineResult execute(Pipeline pipeline, String what) {
    PipelineOptions options = pipeline.getOptions();
    try {
      EmbeddedRunner.Seclusion seclusion =
          EmbeddedRunner.seclude(RunnerOptions.nameOf(options), options);
      try (seclusion) {
        return finished(pipeline, what);
      }
    } catch (VerbException e) {
      throw e;
    } catch (IOException e) {
      throw new VerbException(
          ExitCode.UNAVAILABLE, "cannot write what " + what + " needs to run: " + e, e);
    } catch (RuntimeException e) {
      // A runner wraps what a worker says many times over; the innermost is what happened.
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw new VerbException(ExitCode.FAILED, what + " failed: " + cause, e);
    }
  }

  private static PipelineResult finished(Pipeline pipeline, String what) {
    PipelineResult result = pipeline.run();
    PipelineResult.State state = result.waitUntilFinish();
    if (state != PipelineResult.State.DONE) {
      throw new VerbException(ExitCode.FAILED, what + " ended as " + state);
    }
    DroppedDueToLateness.requireNone(result, what);
    return result;
  }
}
