package dev.crossfade.launcher.lanes;

import dev.crossfade.io.files.FinishedFiles;
import dev.crossfade.io.files.WriteToFiles;
import dev.crossfade.io.jdbc.RunTarget;
import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.json.Json;
import dev.crossfade.launcher.settings.BatchSource;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.launcher.settings.Sink;
import dev.crossfade.migration.LaneTable;
import dev.crossfade.migration.LedgerReport;
import dev.crossfade.migration.RunAttempt;
import dev.crossfade.migration.RunGoneException;
import dev.crossfade.migration.RunLease;
import dev.crossfade.migration.RunRequest;
import dev.crossfade.migration.Store;
import dev.crossfade.migration.WindowLoss;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.windows.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * A run over bounded input: a lane's batch, a part of it, or windows of any lane that are computed
 * again. It is one operation. What it computes is kept aside and put in place as one version when
 * all of it is there; a run that fails or is killed changes nothing, and doing it again gives the
 * same.
 */
public final class BoundedRun {
  private static final int LOSSES_SHOWN = 10;

  private final PlannedFlow flow;
  private final Lane lane;
  private final Input input;
  private final PipelineOptions options;
  private final Optional<List<EventWindow>> windows;
  private final Optional<String> reason;
  private final Collection<String> resolved;
  private final Optional<String> acceptLoss;
  private final String logic;
  private boolean allowEmpty;

  private BoundedRun(
      PlannedFlow flow,
      Lane lane,
      Input input,
      PipelineOptions options,
      Optional<List<EventWindow>> windows,
      Optional<String> reason,
      Collection<String> resolved,
      Optional<String> acceptLoss) {
    this.flow = flow;
    this.lane = lane;
    this.input = input;
    this.options = options;
    this.windows = windows;
    this.reason = reason;
    this.resolved = resolved;
    this.acceptLoss = acceptLoss;
    this.logic = flow.logic();
  }

  /** All of a lane's bounded source, whose results replace all that the lane holds. */
  public static BoundedRun batch(PlannedFlow flow, PipelineOptions options) {
    return new BoundedRun(
        flow,
        Lane.BATCH,
        Input.BATCH,
        options,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  /**
   * These windows of the batch lane, as a scheduler asks for them. What the source system holds now
   * is right, also where rows were deleted since; that it is less than before stands in the ledger.
   */
  public static BoundedRun batch(
      PlannedFlow flow, PipelineOptions options, List<EventWindow> windows) {
    return new BoundedRun(
        flow,
        Lane.BATCH,
        Input.BATCH,
        options,
        Optional.of(windows),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  /**
   * Computes windows of a lane again.
   *
   * @param input what is retained of the lane's input
   * @param windows the windows, which the lane has closed
   * @param reason why
   * @param resolved the origins of dead letters, beside those of the windows, that will be computed
   */
  public static BoundedRun restatement(
      PlannedFlow flow,
      Lane lane,
      Input input,
      PipelineOptions options,
      List<EventWindow> windows,
      String reason,
      Collection<String> resolved) {
    return new BoundedRun(
        flow,
        lane,
        input,
        options,
        Optional.of(windows),
        Optional.of(reason),
        resolved,
        Optional.empty());
  }

  /**
   * The same restatement, which replaces windows also where events are missing that they were
   * computed of.
   *
   * @param why why that is right; it is kept with the run and with what was missing. Empty if it is
   *     not, and then the run fails before anything is replaced
   */
  public BoundedRun acceptingLoss(Optional<String> why) {
    return new BoundedRun(flow, lane, input, options, windows, reason, resolved, why);
  }

  /**
   * Lets the run replace rows even if its input gives none. An input that gives no record, or none
   * that can be processed, is more often one that did not come than one that is right.
   */
  public BoundedRun allowEmpty(boolean allowed) {
    allowEmpty = allowed;
    return this;
  }

  /**
   * Runs to the end of the input and puts the results in place.
   *
   * @throws VerbException if something the run needs is not there, the pipeline fails, or records
   *     are unaccounted for, or are missing that the windows were computed of before
   * @throws RunGoneException if the run was declared dead meanwhile; it has changed nothing
   */
  public RunSummary run() {
    try (Connections connections = Connections.of(flow.settings())) {
      return run(connections);
    }
  }

  private RunSummary run(Connections connections) {
    long started = System.nanoTime();
    Settings settings = flow.settings();
    if (windows.isPresent() && !(settings.sink() instanceof Sink.Postgres)) {
      throw new VerbException(
          ExitCode.USAGE,
          "only results in the store can be replaced window by window; the sink is not postgres");
    }
    Preflight.of(flow, connections, input, options);
    try (Store store = Stores.open(settings)) {
      ResultTable table = flow.plan().table();
      store.prepare(table);
      try (RunLease lease = store.begin(request());
          RunEnding ending = new RunEnding(settings, lease.runAttempt());
          InputRanges inputs = InputRanges.of(settings, connections, input)) {
        // Of a topic it is known before anything is read; of files and tables it takes too long.
        requireNoLoss(lossesBefore(store, inputs));
        discardFiles();
        PipelineResult result = execute(connections, lease, inputs);
        store.recordInputs(table.flow(), lane.laneName(), lease.runAttempt(), inputs.ledger());
        RunSummary.Counts counts = RunSummary.Counts.of(result);
        DeadRatio.of(settings).require(store, table.flow(), lane.laneName(), lease.run());
        if (!allowEmpty) {
          requireAnything(store, lease.run(), counts);
        }
        acceptOrRefuse(store, lease, inputs);
        finish(store, lease);
        ending.ended(RunEnding.SUCCEEDED, Json.write(counts));
        return summary(
                store, lease.runAttempt(), counts, Duration.ofNanos(System.nanoTime() - started))
            .withFiles(inputs.filesRead());
      }
    }
  }

  private PipelineResult execute(Connections connections, RunLease lease, InputRanges inputs) {
    LaneGraph graph =
        new LaneGraph(
            flow,
            connections,
            input,
            target(lease.runAttempt()),
            scope(),
            inputs.partitions(),
            inputs.files(),
            inputs.table());
    PipelineResult result;
    try {
      result =
          PipelineRun.execute(
              graph.build(options),
              "the lane " + lane.laneName() + " of " + flow.plan().table().flow(),
              lease);
    } catch (VerbException e) {
      try {
        // What a reader says of a snapshot that is gone is not why it is gone.
        inputs.requireHeld();
      } catch (VerbException lost) {
        lost.addSuppressed(e);
        throw lost;
      }
      throw e;
    }
    inputs.requireHeld();
    return result;
  }

  private RunRequest request() {
    String name = flow.plan().table().flow();
    String runner = RunnerOptions.nameOf(options);
    RunRequest request =
        windows.isEmpty()
            ? covering(RunRequest.bounded(name, lane.laneName(), runner))
            : reason.isEmpty()
                ? RunRequest.bounded(name, lane.laneName(), runner, span())
                : RunRequest.restatement(name, lane.laneName(), runner, span(), reason.get());
    return request.withLogic(logic);
  }

  /** The request of a run over all of the input, which may be said to be complete for a span. */
  private RunRequest covering(RunRequest request) {
    return flow.settings()
        .sources()
        .batch()
        .flatMap(BatchSource::covers)
        .map(request::covering)
        .orElse(request);
  }

  /** The span from the first window to the last. */
  private EventWindow span() {
    List<EventWindow> all = windows.orElseThrow();
    EventWindow span = all.get(0);
    for (EventWindow window : all) {
      span =
          new EventWindow(
              window.start().isBefore(span.start()) ? window.start() : span.start(),
              window.end().isAfter(span.end()) ? window.end() : span.end());
    }
    return span;
  }

  private RunTarget target(RunAttempt attempt) {
    return new RunTarget(
        lane.laneName(),
        attempt.run(),
        attempt.attempt(),
        true,
        logic,
        flow.settings().store().patience());
  }

  private Scope scope() {
    return windows.map(Scope::of).orElse(Scope.EVERYTHING);
  }

  private List<WindowLoss> lossesBefore(Store store, InputRanges inputs) {
    return windows.isEmpty() || input == Input.BATCH
        ? List.of()
        : store.lossesOf(flow.plan().table(), lane.laneName(), windows.get(), inputs.ledger());
  }

  private void acceptOrRefuse(Store store, RunLease lease, InputRanges inputs) {
    if (windows.isEmpty()) {
      return;
    }
    List<WindowLoss> losses = new ArrayList<>(lossesBefore(store, inputs));
    losses.addAll(
        store.lossesOfRun(
            flow.plan().table(), lane.laneName(), lease.run(), windows.get(), inputs.ledger()));
    if (reason.isPresent()) {
      requireNoLoss(losses);
    }
    if (!losses.isEmpty()) {
      String what =
          acceptLoss
              .map(why -> "loss accepted (" + why + ")")
              .orElse("the source system holds less than before");
      store.recordAcceptedLoss(lease.runAttempt(), what + ": " + text(losses));
    }
  }

  private void requireNoLoss(List<WindowLoss> losses) {
    if (!losses.isEmpty() && acceptLoss.isEmpty()) {
      throw new VerbException(
          ExitCode.UNBALANCED,
          "events are missing that the windows were computed of, and nothing was replaced: "
              + text(losses)
              + ". Bring them back, or compute the windows from an input that has them (restate"
              + " --input); with --accept-loss the windows are replaced without them, which is kept"
              + " in the ledger");
    }
  }

  private static String text(List<WindowLoss> losses) {
    return losses.stream()
            .limit(LOSSES_SHOWN)
            .map(WindowLoss::toString)
            .collect(Collectors.joining("; "))
        + (losses.size() > LOSSES_SHOWN ? "; and " + (losses.size() - LOSSES_SHOWN) + " more" : "");
  }

  /** Refuses to put nothing in the place of something. */
  private void requireAnything(Store store, long run, RunSummary.Counts counts) {
    EmptyInput empty = EmptyInput.of(flow, lane);
    if (flow.settings().sink() instanceof Sink.Postgres) {
      empty.requireNothingHeld(store, run, windows);
    } else if (flow.settings().sink() instanceof Sink.Files sink) {
      try {
        empty.requireNoFiles(prefix(sink), counts);
      } catch (IOException e) {
        throw new VerbException(ExitCode.UNAVAILABLE, "cannot read " + prefix(sink) + ": " + e, e);
      }
    }
  }

  private void finish(Store store, RunLease lease) {
    Settings settings = flow.settings();
    if (settings.sink() instanceof Sink.Files sink) {
      // Files and store are not changed at once; files of a run that is gone stay aside.
      lease.renew();
      try {
        FinishedFiles.putInPlace(prefix(sink), WriteToFiles.files(sink.shards()));
      } catch (IOException e) {
        throw new VerbException(
            ExitCode.FAILED,
            "cannot put the files of " + prefix(sink) + " in place: " + e.getMessage(),
            e);
      }
    }
    store.putInPlace(flow.plan().table(), lane.laneName(), lease.runAttempt(), windows, resolved);
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

  private RunSummary summary(
      Store store, RunAttempt attempt, RunSummary.Counts counts, Duration took) {
    ResultTable table = flow.plan().table();
    if (!(flow.settings().sink() instanceof Sink.Postgres)) {
      return RunSummary.of(flow, lane, attempt.run(), options, counts, took);
    }
    Optional<EventWindow> within = windows.isPresent() ? Optional.of(span()) : Optional.empty();
    Optional<RunQuality> quality = QualityCheckpoint.of(flow, lane).ofRun(store, attempt, within);
    LedgerReport ledger = store.ledger(table, lane.laneName(), within);
    if (!ledger.isEmpty() && !ledger.balanced()) {
      throw new VerbException(
          ExitCode.UNBALANCED,
          "run "
              + attempt.run()
              + " is in place, but records are unaccounted for: "
              + String.join("; ", ledger.remainders()));
    }
    return RunSummary.of(flow, lane, attempt.run(), options, counts, took)
        .withDigest(store.digest(LaneTable.of(table, lane.laneName())))
        .withQuality(quality);
  }
}
