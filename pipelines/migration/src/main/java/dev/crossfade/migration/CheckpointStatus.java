package dev.crossfade.migration;

import java.time.Duration;
import java.util.Optional;

/**
 * What a stream goes on from if its process ends.
 *
 * @param newest the newest complete checkpoint of this attempt, as the runner names it; empty while
 *     there is none
 * @param age how long ago it was found, by the store's clock; without one, how long ago the attempt
 *     began
 * @param every how often there should be one
 */
public record CheckpointStatus(Optional<String> newest, Duration age, Duration every) {
  /** A checkpoint takes its time, and what it waits for may take more. */
  private static final Duration ALWAYS_GIVEN = Duration.ofSeconds(30);

  /** Whether several are missing by now. */
  public boolean isMissed() {
    return age.compareTo(longestAge(every)) > 0;
  }

  /**
   * How old the newest checkpoint may be: three that should have come, and 30 s in any case.
   *
   * @param every how often there should be one
   */
  public static Duration longestAge(Duration every) {
    Duration three = every.multipliedBy(3);
    return three.compareTo(ALWAYS_GIVEN) > 0 ? three : ALWAYS_GIVEN;
  }
}
