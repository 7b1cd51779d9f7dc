package dev.crossfade.runners.flink.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * One kill of a campaign, or a pause of Crossfade in which another process takes its work over.
 *
 * @param victim who is killed or paused
 * @param step what Crossfade is at
 * @param after how long after that step has begun
 * @param away how long a killed server stays away, or a paused process stays so after another one
 *     is at its work
 */
record Kill(Victim victim, Step step, Duration after, Duration away) {
  /** Who is killed, or paused. */
  enum Victim {
    CROSSFADE,
    BROKER,
    POSTGRES,
    /** Crossfade is stopped, its connections are cut, and another process resumes its run. */
    CROSSFADE_RESUMED,
    /** The same, but another process begins anew. */
    CROSSFADE_REPLACED;

    boolean isPaused() {
      return this == CROSSFADE_RESUMED || this == CROSSFADE_REPLACED;
    }
  }

  private static final List<Victim> KILLED =
      List.of(Victim.CROSSFADE, Victim.BROKER, Victim.POSTGRES);

  private static final List<Victim> OF_RESTATEMENTS =
      List.of(Victim.CROSSFADE, Victim.BROKER, Victim.POSTGRES, Victim.CROSSFADE_REPLACED);

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
   * The kills of a campaign, from a seed: so many of a stream for each victim, and so many pauses
   * of it that end by a resumption and by a new begin each, in any order, some of the kills of
   * Crossfade followed by one in the restore, and then those of a restatement.
   */
  static List<Kill> plan(
      long seed,
      int each,
      int resumed,
      int replaced,
      int restores,
      int restatements,
      int withinMillis) {
    Random random = new Random(seed);
    List<Victim> streams = new ArrayList<>();
    for (Victim victim : KILLED) {
      streams.addAll(Collections.nCopies(each, victim));
    }
    streams.addAll(Collections.nCopies(resumed, Victim.CROSSFADE_RESUMED));
    streams.addAll(Collections.nCopies(replaced, Victim.CROSSFADE_REPLACED));
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
      Victim victim = OF_RESTATEMENTS.get(i % OF_RESTATEMENTS.size());
      kills.add(new Kill(victim, Step.RESTATEMENT, upTo(random, 1_000), upTo(random, 3_000)));
    }
    return kills;
  }

  private static Duration upTo(Random random, int millis) {
    return Duration.ofMillis(random.nextInt(millis));
  }
}
