package dev.crossfade.launcher.lanes;

import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.migration.RunAttempt;
import dev.crossfade.migration.RunGoneException;
import dev.crossfade.migration.Store;
import dev.crossfade.migration.StoredRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enters how an attempt at a run ended, also when the process is told to end before the run does. A
 * run that another process has taken over is not ended.
 */
final class RunEnding implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunEnding.class);

  static final String SUCCEEDED = StoredRun.SUCCEEDED;
  static final String DRAINED = StoredRun.DRAINED;

  /** Stopped at a savepoint, to be resumed. */
  static final String STOPPED = "STOPPED";

  static final String FAILED = "FAILED";
  private static final String INTERRUPTED = "INTERRUPTED";

  private final Settings settings;
  private final RunAttempt attempt;
  private final Thread hook;
  private String outcome = FAILED;
  private String counts;

  RunEnding(Settings settings, RunAttempt attempt) {
    this.settings = settings;
    this.attempt = attempt;
    this.hook = new Thread(this::interrupted, "crossfade-run-ending");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void interrupted() {
    try {
      write(INTERRUPTED, null);
    } catch (RunGoneException e) {
      // The process ends, and the run is another one's to end.
      LOG.info("{}", e.getMessage());
    }
  }

  void ended(String how, String countsJson) {
    outcome = how;
    counts = countsJson;
  }

  /**
   * Enters it.
   *
   * @throws RunGoneException if the run is not the attempt's any more
   */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending; the hook has entered the outcome or is about to.
      return;
    }
    write(outcome, counts);
  }

  /** A connection of its own: that of the run may be what has failed. */
  private void write(String how, String countsJson) {
    try (Store store = Stores.open(settings)) {
      store.endRun(attempt, how, countsJson);
    }
  }
}
