package dev.crossfade.launcher.lanes;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.migration.DeadShare;
import dev.crossfade.migration.Store;
import java.util.Locale;
import java.util.Optional;

/**
 * The share of records that may be dead letters before a run is taken to fail wholesale, by a wrong
 * format for one.
 *
 * @param most the greatest share that is borne; empty if every one is
 */
record DeadRatio(Optional<Double> most) {
  /** Of fewer records no share is told: the first one of all may be a bad one. */
  private static final long LEAST_RECORDS = 1_000;

  static DeadRatio of(Settings settings) {
    return new DeadRatio(settings.maxDeadRatio());
  }

  /** What is wrong with a run so far; empty if nothing is. */
  Optional<String> whatIsWrong(Store store, String flow, String lane, long run) {
    if (most.isEmpty()) {
      return Optional.empty();
    }
    DeadShare share = store.deadShare(flow, lane, run);
    if (share.records() < LEAST_RECORDS || share.dead() <= most.get() * share.records()) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%,d of %,d records are dead letters, more than maxDeadRatio %s allows; nothing is"
                + " lost: './crossfade dlq list' shows them",
            share.dead(),
            share.records(),
            most.get()));
  }

  /** Fails the run if its share is too great. */
  void require(Store store, String flow, String lane, long run) {
    whatIsWrong(store, flow, lane, run)
        .ifPresent(
            message -> {
              throw new VerbException(ExitCode.FAILED, message);
            });
  }
}
