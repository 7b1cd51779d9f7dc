package dev.crossfade.launcher.lanes;

import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.migration.Store;
import dev.crossfade.migration.StoredRun;

/** Enters how a run ended, also when the process is told to end before the run does. */
final class RunEnding implements AutoCloseable {
  static final String SUCCEEDED = StoredRun.SUCCEEDED;
  static final String DRAINED = StoredRun.DRAINED;

  /** Stopped at a savepoint, to be resumed. */
  static final String STOPPED = "STOPPED";

  static final String FAILED = "FAILED";
  private static final String INTERRUPTED = "INTERRUPTED";

  private final Settings settings;
  private final long run;
  private final Thread hook;
  private String outcome = FAILED;
  private String counts;

  RunEnding(Settings settings, long run) {
    this.settings = settings;
    this.run = run;
    this.hook = new Thread(() -> write(INTERRUPTED, null), "crossfade-run-ending");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  void ended(String how, String countsJson) {
    outcome = how;
    counts = countsJson;
  }

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
      store.endRun(run, how, countsJson);
    }
  }
}
