package dev.crossfade.launcher.lanes;

import dev.crossfade.launcher.runners.ResumableJob;
import dev.crossfade.migration.CheckpointStatus;
import dev.crossfade.migration.RunAttempt;
import dev.crossfade.migration.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Sees to it that a stream keeps checkpoints. A runner that fails to is silent about it, and then a
 * stream that is cut off goes on from long ago: what it had read since is read again, if it is
 * still there.
 */
public final class CheckpointWatch {
  private static final Duration TOLD_EVERY = Duration.ofMinutes(1);

  private final ResumableJob job;
  private final RunAttempt attempt;
  private final Consumer<String> progress;
  private final LongSupplier nanos;
  private Optional<String> newest = Optional.empty();
  private long since;
  private long toldAt;
  private boolean isBegun;
  private Duration warnAfter;
  private boolean isMissed;

  /**
   * A watch.
   *
   * @param nanos a clock that never goes back, in nanoseconds
   */
  CheckpointWatch(
      ResumableJob job, RunAttempt attempt, Consumer<String> progress, LongSupplier nanos) {
    this.job = job;
    this.attempt = attempt;
    this.progress = progress;
    this.nanos = nanos;
  }

  /** Looks for a newer one, and tells if there should have been one; to be called often. */
  void look(Store store) {
    Duration every = job.checkpointInterval();
    if (!isBegun) {
      store.recordCheckpointInterval(attempt, every);
      isBegun = true;
      since = nanos.getAsLong();
      toldAt = since;
      warnAfter = CheckpointStatus.longestAge(every);
    }
    String why = null;
    try {
      Optional<String> found = job.newestCheckpoint();
      if (found.isPresent() && !found.equals(newest)) {
        store.recordCheckpoint(attempt, found.get(), every);
        if (isMissed) {
          progress.accept(
              "run " + attempt.run() + " keeps checkpoints again, after " + seconds(age()));
        }
        newest = found;
        since = nanos.getAsLong();
        isMissed = false;
        warnAfter = CheckpointStatus.longestAge(every);
      }
    } catch (IOException e) {
      why = e.getMessage();
    }
    if (age().compareTo(warnAfter) > 0) {
      warn(every, why);
    } else if (nanos.getAsLong() - toldAt >= TOLD_EVERY.toNanos()) {
      toldAt = nanos.getAsLong();
      progress.accept("run " + attempt.run() + " is running; " + text(newest, age()));
    }
  }

  private void warn(Duration every, String why) {
    isMissed = true;
    toldAt = nanos.getAsLong();
    // Said again now and then, but not so often that it hides what else is said.
    warnAfter = warnAfter.multipliedBy(2);
    progress.accept(
        "WARNING: run "
            + attempt.run()
            + " has kept no checkpoint for "
            + seconds(age())
            + ", and one should come every "
            + seconds(every)
            + ": "
            + (why == null ? whyNot() : why)
            + ". Cut off now, it would go on from "
            + newest.orElse("the state that it began with")
            + " and read what came since once more");
  }

  private String whyNot() {
    try {
      job.requireWritable();
      return "their directory can be written; a store or a topic that does not answer holds them up,"
          + " and the runner's log may say more";
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  private Duration age() {
    return Duration.ofNanos(nanos.getAsLong() - since);
  }

  /** The age of a newest checkpoint, for people. */
  public static String text(Optional<String> newest, Duration age) {
    return newest.isPresent()
        ? "newest checkpoint " + seconds(age) + " ago"
        : "no checkpoint yet, for " + seconds(age);
  }

  /** A length of time, for people. */
  public static String seconds(Duration length) {
    return length.compareTo(Duration.ofSeconds(10)) < 0
        ? String.format(Locale.ROOT, "%.1f s", length.toMillis() / 1e3)
        : length.toSeconds() + " s";
  }
}
