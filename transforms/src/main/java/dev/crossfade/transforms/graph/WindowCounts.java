package dev.crossfade.transforms.graph;

import java.io.Serializable;

/**
 * How many events of one window were decoded, counted where they are decoded and not where they are
 * folded: what comes out of the flow has to add up to it.
 *
 * @param decoded events that came in time
 * @param filtered those of them that the flow's own filter took out
 */
public record WindowCounts(long decoded, long filtered) implements Serializable {
  /** Of no event. */
  public static final WindowCounts NOTHING = new WindowCounts(0, 0);

  /** Those of both parts. */
  public WindowCounts plus(WindowCounts other) {
    return new WindowCounts(decoded + other.decoded, filtered + other.filtered);
  }
}
