package dev.crossfade.launcher.lanes;

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
import org.apache.beam.sdk.PipelineResult;

/**
 * Watches a stream from beside it: stops it when it is asked to or when it fails wholesale, judges
 * the windows that it closes, and cancels it when the run is not this process's own any more. A
 * store that is away is no reason for that, and is waited for.
 */
final class RunWatch implements AutoCloseable {
  private static final long PERIOD_MILLIS = 1_000;

  /** Windows close seldom, and nobody waits for what is found in them. */
  private static final int LOOKS_PER_JUDGEMENT = 10;

  private final PlannedFlow flow;
  private final Lane lane;
  private final RunLease lease;
  private final ResumableJob job;
  private final Consumer<String> progress;
  private final DeadRatio deadRatio;
  private final QualityCheckpoint quality;
  private int looks;
  private final AtomicReference<String> stoppedAs = new AtomicReference<>();
  private final AtomicReference<String> whatIsWrong = new AtomicReference<>();
  private final AtomicReference<String> trouble = new AtomicReference<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
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

  RunWatch(
      PlannedFlow flow, Lane lane, RunLease lease, ResumableJob job, Consumer<String> progress) {
    this.flow = flow;
    this.lane = lane;
    this.lease = lease;
    this.job = job;
    this.progress = progress;
    this.deadRatio = DeadRatio.of(flow.settings());
    this.quality = QualityCheckpoint.of(flow, lane);
  }

  void start() {
    // It throws nothing: looking would end with the first thing thrown.
    ScheduledFuture<?> unused =
        clock.scheduleWithFixedDelay(
            this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
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
      if (asked.isPresent() || wrong.isPresent()) {
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
      String message = String.valueOf(e.getMessage());
      if (!message.equals(trouble.getAndSet(message))) {
        progress.accept("cannot watch the run: " + message);
      }
    } catch (IOException e) {
      progress.accept("the stream goes on, since it cannot be stopped now: " + e.getMessage());
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

  private void stop(Store store, boolean drain, String how) throws IOException {
    progress.accept(drain ? "draining the stream" : "stopping the stream at a savepoint");
    stoppedAs.set(how);
    try {
      store.recordSavepoint(lease.runAttempt(), job.stop(drain));
      clock.shutdown();
    } catch (IOException e) {
      stoppedAs.set(null);
      throw e;
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
