package dev.crossfade.transforms.results;

import java.io.Serializable;
import java.util.Comparator;

/**
 * Which of two results at one address replaces the other. A later run of a lane replaces an earlier
 * one; within a run, the result into which more events were folded replaces the one with fewer. The
 * index of the pane would not do: after a restart from an older checkpoint it starts again lower
 * than what is already in the table.
 *
 * @param run the number that the store gave to the run, growing from run to run
 * @param folded the events folded into the result: the sum of |weight|, which only ever grows
 */
public record Version(long run, long folded) implements Serializable, Comparable<Version> {
  private static final Comparator<Version> ORDER =
      Comparator.comparingLong(Version::run).thenComparingLong(Version::folded);

  @Override
  public int compareTo(Version other) {
    return ORDER.compare(this, other);
  }
}
