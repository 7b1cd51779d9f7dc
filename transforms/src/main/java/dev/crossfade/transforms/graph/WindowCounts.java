package dev.crossfade.transforms.graph;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many events of one window were decoded, counted where they are decoded and not where they are
 * folded: what comes out of the flow has to add up to it. And where they came from, so that whoever
 * computes the window again can tell whether all of them are still there.
 *
 * @param decoded events that came in time
 * @param filtered those of them that the flow's own filter took out
 * @param sources where the decoded ones are, by source
 */
public record WindowCounts(long decoded, long filtered, Map<String, SourceSpan> sources)
    implements Serializable {
  /** Of no event. */
  public static final WindowCounts NOTHING = new WindowCounts(0, 0);

  /** Copies the map. */
  public WindowCounts {
    sources = Map.copyOf(sources);
  }

  /** Of events of which nobody asks where they came from. */
  public WindowCounts(long decoded, long filtered) {
    this(decoded, filtered, Map.of());
  }

  /** Those of both parts. */
  public WindowCounts plus(WindowCounts other) {
    return new WindowCounts(
        decoded + other.decoded, filtered + other.filtered, both(sources, other.sources));
  }

  private static Map<String, SourceSpan> both(
      Map<String, SourceSpan> left, Map<String, SourceSpan> right) {
    if (left.isEmpty()) {
      return right;
    }
    Map<String, SourceSpan> sum = new TreeMap<>(left);
    right.forEach((source, span) -> sum.merge(source, span, SourceSpan::plus));
    return sum;
  }
}
