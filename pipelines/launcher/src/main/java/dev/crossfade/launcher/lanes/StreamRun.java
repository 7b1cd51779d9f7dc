package dev.crossfade.launcher.lanes;

import dev.crossfade.io.jdbc.RunTarget;
import dev.crossfade.io.kafka.TopicPresence;
import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.fingerprints.StateFingerprint;
import dev.crossfade.launcher.json.Json;
import dev.crossfade.launcher.runners.ResumableJob;
import dev.crossfade.launcher.runners.ResumableRunner;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.launcher.settings.Sink;
import dev.crossfade.migration.InputRange;
import dev.crossfade.migration.LaneTable;
import dev.crossfade.migration.RunAttempt;
import dev.crossfade.migration.RunGoneException;
import dev.crossfade.migration.RunLease;
import dev.crossfade.migration.RunRequest;
import dev.crossfade.migration.Store;
import dev.crossfade.migration.StoredRun;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.windows.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * A run of the stream lane. It writes the lane itself, keeps checkpoints where the runner can, and
 * goes on from the newest one if it is told to resume: with the same number, since the number is a
 * part of the version of its results.
 */
public final class StreamRun {
  private static final Lane LANE = Lane.STREAM;

  /** What a graph that is only looked at would write as. */
  private static final RunAttempt NO_RUN = new RunAttempt(0, 0);

  private final PlannedFlow flow;
  private final PipelineOptions options;
  private final Path checkpoints;
  private final boolean resume;
  private final Consumer<String> progress;
  private final String logic;
  private boolean allowEmpty;

  /**
   * A run.
   *
   * @param checkpoints the directory below which runs keep their checkpoints
   * @param resume whether to go on with the lane's newest run
   * @param progress told what a person should know
   */
  public StreamRun(
      PlannedFlow flow,
      PipelineOptions options,
      Path checkpoints,
      boolean resume,
      Consumer<String> progress) {
    this.flow = flow;
    this.options = options;
    this.checkpoints = checkpoints.toAbsolutePath().normalize();
    this.resume = resume;
    this.progress = progress;
    this.logic = flow.logic();
  }

  /** Lets it replace rows even if the topic gives nothing; see {@link BoundedRun#allowEmpty}. */
  public StreamRun allowEmpty(boolean allowed) {
    allowEmpty = allowed;
    return this;
  }

  /**
   * Runs to the end of the topic, which may never come, or until it is told to stop.
   *
   * @throws VerbException if something the run needs is not there, if it cannot be resumed, or if
   *     the pipeline fails
   * @throws RunGoneException if another process has taken the run over; nothing of that one's is
   *     changed
   */
  public RunSummary run() {
    try (Connections connections = Connections.of(flow.settings())) {
      return run(connections);
    }
  }

  private RunSummary run(Connections connections) {
    long started = System.nanoTime();
    Settings settings = flow.settings();
    Optional<ResumableRunner> runner = ResumableRunner.of(RunnerOptions.nameOf(options));
    if (resume && runner.isEmpty()) {
      throw new VerbException(
          ExitCode.USAGE,
          "--resume: the " + RunnerOptions.nameOf(options) + " keeps no checkpoints");
    }
    Preflight.of(flow, connections, Input.STREAM, options);
    StateFingerprint state = StateFingerprint.of(graph(connections, NO_RUN).build(options));
    InputRanges inputs = InputRanges.of(settings, connections, Input.STREAM);
    try (Store store = Stores.open(settings)) {
      ResultTable table = flow.plan().table();
      store.prepare(table);
      Optional<StoredRun> previous =
          resume ? Optional.of(resumable(store, state, inputs)) : Optional.empty();
      Optional<String> from = previous.map(run -> newest(runner.orElseThrow(), run));
      try (RunLease lease = lease(store, state);
          RunEnding ending = new RunEnding(settings, lease.runAttempt())) {
        Path directory =
            previous
                .flatMap(StoredRun::restoreFrom)
                .map(Path::of)
                .orElse(checkpoints.resolve(table.flow()).resolve("run-" + lease.run()));
        if (previous.isEmpty()) {
          store.recordInputs(table.flow(), LANE.laneName(), lease.runAttempt(), inputs.ledger());
          store.recordRestoreFrom(lease.runAttempt(), directory.toString());
        } else {
          store.forgetSavepoint(lease.runAttempt());
          store.recordLogic(lease.runAttempt(), logic);
          progress.accept(
              "resuming run "
                  + lease.run()
                  + ", attempt "
                  + lease.attempt()
                  + ", from "
                  + from.get());
        }
        RunWatch.Outcome outcome = execute(connections, lease, runner, directory, from);
        return end(store, connections, lease.runAttempt(), outcome, ending, started);
      } catch (IOException e) {
        throw new VerbException(
            ExitCode.UNAVAILABLE, "cannot keep checkpoints below " + checkpoints + ": " + e, e);
      }
    }
  }

  private RunWatch.Outcome execute(
      Connections connections,
      RunLease lease,
      Optional<ResumableRunner> runner,
      Path directory,
      Optional<String> from)
      throws IOException {
    String what = "the lane " + LANE.laneName() + " of " + flow.settings().flow();
    if (runner.isEmpty()) {
      Pipeline pipeline = graph(connections, lease.runAttempt()).build(options);
      return new RunWatch.Outcome(
          PipelineRun.execute(pipeline, what, lease), RunEnding.SUCCEEDED, Optional.empty());
    }
    try (ResumableJob job = runner.get().prepare(options, directory, from);
        TopicPresence topic = new TopicPresence(connections.stream());
        RunWatch watch = new RunWatch(flow, LANE, lease, job, topic::whatIsWrong, progress)) {
      Pipeline pipeline = graph(connections, lease.runAttempt()).build(options);
      watch.start();
      try {
        return watch.outcome(PipelineRun.execute(pipeline, what, lease));
      } catch (VerbException e) {
        throw watch.reasonOr(e);
      }
    }
  }

  private RunSummary end(
      Store store,
      Connections connections,
      RunAttempt attempt,
      RunWatch.Outcome outcome,
      RunEnding ending,
      long started) {
    ResultTable table = flow.plan().table();
    RunSummary.Counts counts = RunSummary.Counts.of(outcome.result());
    if (outcome.how().equals(RunEnding.SUCCEEDED)) {
      recordEnds(store, connections, attempt);
      if (!allowEmpty && flow.settings().sink() instanceof Sink.Postgres) {
        EmptyInput.of(flow, LANE).requireNothingHeld(store, attempt.run(), Optional.empty());
      }
      store.removeOlderRuns(table, LANE.laneName(), attempt);
    }
    ending.ended(outcome.how(), Json.write(counts));
    if (outcome.wrong().isPresent()) {
      throw new VerbException(ExitCode.FAILED, outcome.wrong().get());
    }
    RunSummary summary =
        RunSummary.of(
            flow,
            LANE,
            attempt.run(),
            options,
            counts,
            Duration.ofNanos(System.nanoTime() - started));
    return flow.settings().sink() instanceof Sink.Postgres
        ? summary
            .withDigest(store.digest(LaneTable.of(table, LANE.laneName())))
            .withQuality(QualityCheckpoint.of(flow, LANE).ofRun(store, attempt, Optional.empty()))
        : summary;
  }

  /**
   * The topic had an end, and now the broker can say where: the ledger asks whether it was read.
   */
  private void recordEnds(Store store, Connections connections, RunAttempt attempt) {
    String name = flow.plan().table().flow();
    Map<String, InputRange> begun = new TreeMap<>();
    store
        .inputs(name, LANE.laneName(), attempt.run())
        .forEach(input -> begun.put(input.source(), input));
    List<InputRange> ended =
        InputRanges.of(flow.settings(), connections, Input.RETAINED).ledger().stream()
            .filter(input -> begun.containsKey(input.source()))
            .map(
                input ->
                    new InputRange(
                        input.source(),
                        input.identity(),
                        begun.get(input.source()).first(),
                        input.end()))
            .toList();
    store.recordInputs(name, LANE.laneName(), attempt, ended);
  }

  private RunLease lease(Store store, StateFingerprint state) {
    String name = flow.plan().table().flow();
    return resume
        ? store.resume(name, LANE.laneName())
        : store.begin(
            RunRequest.stream(name, LANE.laneName(), RunnerOptions.nameOf(options))
                .withState(state.hash(), state.description())
                .withLogic(logic));
  }

  /** The run to go on with, if the graph and the topic are the ones that it knew. */
  private StoredRun resumable(Store store, StateFingerprint state, InputRanges inputs) {
    String name = flow.plan().table().flow();
    StoredRun previous =
        store
            .storedRun(name, LANE.laneName())
            .orElseThrow(
                () ->
                    new VerbException(
                        ExitCode.USAGE,
                        "--resume: the lane " + LANE.laneName() + " of " + name + " has no run"));
    if (!previous.stateFingerprint().equals(Optional.of(state.hash()))) {
      StateFingerprint before =
          StateFingerprint.ofDescription(previous.stateDescription().orElse(""));
      throw new VerbException(
          ExitCode.USAGE,
          "--resume: the graph is not the one that run "
              + previous.run()
              + " left its state for, and the state does not fit it:\n  "
              + String.join("\n  ", before.differenceTo(state))
              + "\nEither go back to the graph of that run and resume, or stop it there with"
              + " './crossfade stop --drain', or rebuild: run without --resume, which computes the"
              + " lane from what the topic still holds.");
    }
    requireSameTopic(
        store.inputs(name, LANE.laneName(), previous.run()), inputs.ledger(), previous);
    return previous;
  }

  private static void requireSameTopic(
      List<InputRange> before, List<InputRange> now, StoredRun previous) {
    Map<String, InputRange> known = new TreeMap<>();
    before.forEach(input -> known.put(input.source(), input));
    List<String> wrong = new java.util.ArrayList<>();
    for (InputRange input : now) {
      InputRange then = known.remove(input.source());
      if (then == null) {
        wrong.add(input.source() + " is new");
      } else if (!then.identity().equals(input.identity())) {
        wrong.add(input.source() + " belongs to a topic that was made anew");
      }
    }
    known.keySet().forEach(source -> wrong.add(source + " is gone"));
    if (!wrong.isEmpty()) {
      throw new VerbException(
          ExitCode.USAGE,
          "--resume: the topic is not the one that run "
              + previous.run()
              + " has read: "
              + String.join(", ", wrong)
              + "; its positions mean nothing here. Run without --resume, which computes the lane"
              + " from what the topic holds.");
    }
  }

  private static String newest(ResumableRunner runner, StoredRun previous) {
    Path directory =
        Path.of(
            previous
                .restoreFrom()
                .orElseThrow(
                    () ->
                        new VerbException(
                            ExitCode.USAGE,
                            "--resume: run " + previous.run() + " kept no checkpoints")));
    try {
      return runner
          .newest(directory)
          .orElseThrow(
              () ->
                  new VerbException(
                      ExitCode.USAGE,
                      "--resume: there is no complete checkpoint of run "
                          + previous.run()
                          + " in "
                          + directory
                          + "; run without --resume"));
    } catch (IOException e) {
      throw new VerbException(
          ExitCode.UNAVAILABLE, "cannot look for checkpoints in " + directory + ": " + e, e);
    }
  }

  private LaneGraph graph(Connections connections, RunAttempt attempt) {
    return new LaneGraph(
        flow,
        connections,
        Input.STREAM,
        new RunTarget(
            LANE.laneName(),
            attempt.run(),
            attempt.attempt(),
            false,
            logic,
            flow.settings().store().patience()),
        Scope.EVERYTHING,
        List.of(),
        List.of(),
        Optional.empty());
  }
}
