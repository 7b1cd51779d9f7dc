package dev.crossfade.launcher.lanes;

import dev.crossfade.io.files.FinishedFiles;
import dev.crossfade.io.files.WriteToFiles;
import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.json.Json;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.launcher.settings.Sink;
import dev.crossfade.migration.LaneDigest;
import dev.crossfade.migration.LaneTable;
import dev.crossfade.migration.Store;
import dev.crossfade.transforms.results.ResultTable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * One run of a lane: it is entered in the store, computes, and replaces what earlier runs of the
 * lane have left. A run that fails leaves the lane without closed windows, so nothing is compared
 * that is half of one run and half of another.
 */
public final class LaneRun {
  private final PlannedFlow flow;
  private final Lane lane;
  private final PipelineOptions options;

  /** A run of a lane of a flow on the runner that the options name. */
  public LaneRun(PlannedFlow flow, Lane lane, PipelineOptions options) {
    this.flow = flow;
    this.lane = lane;
    this.options = options;
  }

  /**
   * Builds the graph and runs nothing. Fails as a run would if the graph does not hold together.
   */
  public void check() {
    Pipeline pipeline = Pipeline.create(options);
    build(pipeline, 0);
  }

  /**
   * Runs to the end of the input, which for a stream may never come.
   *
   * @throws VerbException if something the run needs is not there, or the pipeline fails
   */
  public RunSummary run() {
    long started = System.nanoTime();
    Settings settings = flow.settings();
    Preflight.of(flow, lane, options);
    try (Store store = Stores.open(settings)) {
      ResultTable table = flow.plan().table();
      store.prepare(table);
      long run = store.beginRun(table.flow(), lane.laneName(), RunnerOptions.nameOf(options));
      try (RunEnding ending = new RunEnding(settings, run)) {
        discardFiles();
        PipelineResult result = execute(run);
        RunSummary.Counts counts = RunSummary.Counts.of(result);
        finish(store, run);
        ending.succeeded(Json.write(counts));
        Optional<LaneDigest> digest =
            settings.sink() instanceof Sink.Postgres
                ? Optional.of(store.digest(LaneTable.of(table, lane.laneName())))
                : Optional.empty();
        return new RunSummary(
            table.flow(),
            lane.laneName(),
            run,
            RunnerOptions.nameOf(options),
            counts,
            digest.map(sums -> sums.rows().count()),
            digest.map(sums -> sums.rows().toString()),
            Duration.ofNanos(System.nanoTime() - started));
      }
    }
  }

  private PipelineResult execute(long run) {
    Pipeline pipeline = Pipeline.create(options);
    build(pipeline, run);
    try {
      PipelineResult result = pipeline.run();
      PipelineResult.State state = result.waitUntilFinish();
      if (state != PipelineResult.State.DONE) {
        throw new VerbException(ExitCode.FAILED, "the pipeline ended as " + state);
      }
      return result;
    } catch (RuntimeException e) {
      throw e instanceof VerbException ? e : failed(e);
    }
  }

  private void build(Pipeline pipeline, long run) {
    try {
      new LaneGraph(flow, lane, run).addTo(pipeline);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new VerbException(
          ExitCode.USAGE,
          "the graph of the lane " + lane.laneName() + " cannot be built: " + e.getMessage(),
          e);
    }
  }

  /** A runner wraps what a worker says many times over; the innermost is what happened. */
  private VerbException failed(RuntimeException e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return new VerbException(
        ExitCode.FAILED,
        "the lane " + lane.laneName() + " of " + flow.settings().flow() + " failed: " + cause,
        e);
  }

  private void finish(Store store, long run) {
    store.removeOlderRuns(flow.plan().table(), lane.laneName(), run);
    if (flow.settings().sink() instanceof Sink.Files sink) {
      try {
        FinishedFiles.putInPlace(prefix(sink));
      } catch (IOException e) {
        throw new VerbException(
            ExitCode.UNAVAILABLE, "cannot put the files of " + prefix(sink) + " in place: " + e, e);
      }
    }
  }

  private void discardFiles() {
    if (flow.settings().sink() instanceof Sink.Files sink) {
      try {
        FileSystems.setDefaultPipelineOptions(options);
        FinishedFiles.discard(prefix(sink));
      } catch (IOException e) {
        throw new VerbException(
            ExitCode.UNAVAILABLE, "cannot write to " + prefix(sink) + ": " + e, e);
      }
    }
  }

  private String prefix(Sink.Files sink) {
    return WriteToFiles.prefix(sink.directory().value(), flow.settings().flow(), lane.laneName());
  }
}
