package dev.crossfade.runners.flink.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * One kill of a campaign.
 *
 * @param victim who is killed
 * @param step what Crossfade is at
 * @param after how long after that step has begun
 * @param away how long a killed server stays away
 */
record Kill(Victim victim, Step step, Duration after, Duration away) {
  /** Who is killed. */
  enum Victim {
    CROSSFADE,
    BROKER,
    POSTGRES
  }

  /** What Crossfade is at. */
  enum Step {
    /** The stream writes. */
    STREAM,
    /** The stream takes its state up again from a checkpoint. */
    RESTORE,
    /** A restatement computes closed windows again. */
    RESTATEMENT
  }

  /**
   * The kills of a campaign, from a seed: so many of a stream for each victim, in any order, some
   * of those of Crossfade followed by one in the restore, and then those of a restatement.
   */
  static List<Kill> plan(long seed, int each, int restores, int restatements, int withinMillis) {
    Random random = new Random(seed);
    List<Victim> streams = new ArrayList<>();
    for (Victim victim : Victim.values()) {
      streams.addAll(Collections.nCopies(each, victim));
    }
    Collections.shuffle(streams, random);
    List<Kill> kills = new ArrayList<>();
    int left = restores;
    for (Victim victim : streams) {
      kills.add(new Kill(victim, Step.STREAM, upTo(random, withinMillis), upTo(random, 3_000)));
      // Not the first of them: until there is a checkpoint there is nothing to restore.
      if (victim == Victim.CROSSFADE && left > 0 && kills.size() > 1) {
        kills.add(new Kill(victim, Step.RESTORE, upTo(random, 1_500), Duration.ZERO));
        left--;
      }
    }
    for (int i = 0; i < restatements; i++) {
      Victim victim = Victim.values()[i % Victim.values().length];
      kills.add(new Kill(victim, Step.RESTATEMENT, upTo(random, 1_000), upTo(random, 3_000)));
    }
    return kills;
  }

  private static Duration upTo(Random random, int millis) {
    return Duration.ofMillis(random.nextInt(millis));
  }
}
