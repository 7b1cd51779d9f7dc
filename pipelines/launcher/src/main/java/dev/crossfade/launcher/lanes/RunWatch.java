package dev.crossfade.launcher.lanes;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.runners.ResumableJob;
import dev.crossfade.migration.RunGoneException;
import dev.crossfade.migration.RunLease;
import dev.crossfade.migration.StopKind;
import dev.crossfade.migration.Store;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.beam.sdk.PipelineResult;

/**
 * Watches a stream from beside it: stops it when it is asked to or when it fails wholesale, judges
 * the windows that it closes, sees to its checkpoints, and cancels it when the run is not this
 * process's own any more or its input is gone for good. A store that is away is no reason for that,
 * and is waited for.
 */
final class RunWatch implements AutoCloseable {
  private static final long PERIOD_MILLIS = 1_000;

  /** A broker is asked less often than the store. */
  private static final long INPUT_PERIOD_MILLIS = 2_000;

  /** What cannot be written now is not tried again at once. */
  private static final long STOP_AGAIN_AFTER_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Windows close seldom, and nobody waits for what is found in them. */
  private static final int LOOKS_PER_JUDGEMENT = 10;

  private final PlannedFlow flow;
  private final Lane lane;
  private final RunLease lease;
  private final ResumableJob job;
  private final Supplier<Optional<String>> whatIsWrongWithInput;
  private final CheckpointWatch checkpoints;
  private final Consumer<String> progress;
  private final DeadRatio deadRatio;
  private final QualityCheckpoint quality;
  private int looks;
  private long stopNotBefore = System.nanoTime();
  private final AtomicReference<String> stoppedAs = new AtomicReference<>();
  private final AtomicReference<String> whatIsWrong = new AtomicReference<>();
  private final AtomicReference<String> trouble = new AtomicReference<>();
  private final AtomicReference<String> cancelledFor = new AtomicReference<>();
  private final ScheduledExecutorService clock =
      Executors.newScheduledThreadPool(
          2,
          work -> {
            Thread thread = new Thread(work, "crossfade-run-watch");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * How a stream ended.
   *
   * @param result what the runner says
   * @param how what is entered in the store
   * @param wrong why it was stopped as failed; empty if it was not
   */
  record Outcome(PipelineResult result, String how, Optional<String> wrong) {}

  /**
   * A watch.
   *
   * @param whatIsWrongWithInput says why the stream can read no more of it, ever; empty while it
   *     can
   * @param progress told what a person should know
   */
  RunWatch(
      PlannedFlow flow,
      Lane lane,
      RunLease lease,
      ResumableJob job,
      Supplier<Optional<String>> whatIsWrongWithInput,
      Consumer<String> progress) {
    this.flow = flow;
    this.lane = lane;
    this.lease = lease;
    this.job = job;
    this.whatIsWrongWithInput = whatIsWrongWithInput;
    this.checkpoints = new CheckpointWatch(job, lease.runAttempt(), progress, System::nanoTime);
    this.progress = progress;
    this.deadRatio = DeadRatio.of(flow.settings());
    this.quality = QualityCheckpoint.of(flow, lane);
  }

  void start() {
    // It throws nothing: looking would end with the first thing thrown.
    ScheduledFuture<?> unused =
        clock.scheduleWithFixedDelay(
            this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    ScheduledFuture<?> unusedToo =
        clock.scheduleWithFixedDelay(
            this::lookAtInput, INPUT_PERIOD_MILLIS, INPUT_PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Why a stream failed that was cancelled from here: the runner says only that it was.
   *
   * @param otherwise what the runner says
   */
  VerbException reasonOr(VerbException otherwise) {
    String why = cancelledFor.get();
    return why == null ? otherwise : new VerbException(ExitCode.FAILED, why, otherwise);
  }

  /** A runner would try again and again what can never be read again. */
  private void lookAtInput() {
    try {
      Optional<String> wrong = whatIsWrongWithInput.get();
      if (wrong.isPresent() && cancelledFor.compareAndSet(null, wrong.get())) {
        progress.accept("the stream is cancelled: " + wrong.get());
        job.cancel();
      }
    } catch (IOException e) {
      cancelledFor.set(null);
      tellOnce("the stream cannot be cancelled now: " + e.getMessage());
    } catch (RuntimeException e) {
      tellOnce("cannot watch the input: " + e.getMessage());
    }
  }

  /** How the stream ended, of which this is the result: it was stopped, or ended by itself. */
  Outcome outcome(PipelineResult result) {
    String how = Optional.ofNullable(stoppedAs.get()).orElse(RunEnding.SUCCEEDED);
    return new Outcome(
        result,
        how,
        how.equals(RunEnding.FAILED) ? Optional.of(whatIsWrong.get()) : Optional.empty());
  }

  private void look() {
    try (Store store = Stores.open(flow.settings())) {
      lease.renew();
      Optional<StopKind> asked = store.stopRequested(lease.run());
      Optional<String> wrong =
          deadRatio.whatIsWrong(store, flow.settings().flow(), lane.laneName(), lease.run());
      checkpoints.look(store);
      if ((asked.isPresent() || wrong.isPresent()) && System.nanoTime() - stopNotBefore >= 0) {
        boolean drain = wrong.isEmpty() && asked.get() == StopKind.DRAIN;
        whatIsWrong.set(wrong.orElse(null));
        stop(
            store,
            drain,
            wrong.isPresent() ? RunEnding.FAILED : drain ? RunEnding.DRAINED : RunEnding.STOPPED);
      } else if (looks++ % LOOKS_PER_JUDGEMENT == 0) {
        judge(store);
      }
      trouble.set(null);
    } catch (RunGoneException e) {
      cancel(e);
    } catch (RuntimeException e) {
      // The stream itself waits for the store. It is told once, and looked for again.
      tellOnce("cannot watch the run: " + e.getMessage());
    }
  }

  private void tellOnce(String message) {
    if (!message.equals(trouble.getAndSet(message))) {
      progress.accept(message);
    }
  }

  /** What the stream still writes is refused; it is ended so that it does not go on trying. */
  private void cancel(RunGoneException gone) {
    progress.accept("the stream is cancelled: " + gone.getMessage());
    try {
      job.cancel();
      clock.shutdown();
    } catch (IOException e) {
      progress.accept("the stream cannot be cancelled now: " + e.getMessage());
    }
  }

  private void judge(Store store) {
    RunQuality found = quality.ofNewWindows(store, lease.runAttempt());
    if (found.violated() > 0) {
      progress.accept(found.text());
    }
  }

  private void stop(Store store, boolean drain, String how) {
    progress.accept(drain ? "draining the stream" : "stopping the stream at a savepoint");
    stoppedAs.set(how);
    try {
      store.recordSavepoint(lease.runAttempt(), job.stop(drain));
      clock.shutdown();
    } catch (IOException e) {
      stoppedAs.set(null);
      stopNotBefore = System.nanoTime() + STOP_AGAIN_AFTER_NANOS;
      String why = "it cannot be stopped now, goes on, and is tried again: " + e.getMessage();
      progress.accept("the stream: " + why);
      store.recordStopTrouble(lease.runAttempt(), why);
    }
  }

  @Override
  public void close() {
    clock.shutdown();
    try {
      // A savepoint that was taken is entered before the run is.
      clock.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
