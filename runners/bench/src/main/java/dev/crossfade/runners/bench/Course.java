package dev.crossfade.runners.bench;

import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** The course of a size over time. */
final class Course {
  private final NavigableMap<Long, Double> samples = new TreeMap<>();

  /** Takes a sample at a time, in milliseconds since 1970. */
  void sample(long at, double size) {
    samples.put(at, size);
  }

  /** The mean of the samples in a span; empty if there are none. */
  OptionalDouble mean(long from, long to) {
    return samples.subMap(from, true, to, false).values().stream()
        .mapToDouble(Double::doubleValue)
        .average();
  }

  /**
   * How many times its mean before a time is its mean in the span before that.
   *
   * @param to the end of the second span
   * @param millis how long each of them is
   * @return empty if there are no samples to compare
   */
  OptionalDouble growth(long to, long millis) {
    OptionalDouble before = mean(to - 2 * millis, to - millis);
    OptionalDouble after = mean(to - millis, to);
    return before.isEmpty() || after.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(after.getAsDouble() / before.getAsDouble());
  }
}
