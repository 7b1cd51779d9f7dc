package dev.crossfade.transforms.results;

import java.io.Serializable;
import java.util.Comparator;

/**
 * Which of two results at one address replaces the other. A later run of a lane replaces an earlier
 * one; within a run, the result that has seen more events replaces the one that has seen fewer. The
 * index of the pane would not do: after a restart from an older checkpoint it starts again lower
 * than what is already in the table.
 *
 * @param run the number that the store gave to the run, growing from run to run
 * @param absorbed the events folded into the result and those that only repeat others, which only
 *     ever grows
 */
public record Version(long run, long absorbed) implements Serializable, Comparable<Version> {
  private static final Comparator<Version> ORDER =
      Comparator.comparingLong(Version::run).thenComparingLong(Version::absorbed);

  @Override
  public int compareTo(Version other) {
    return ORDER.compare(this, other);
  }
}
