package dev.crossfade.runners.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * How many times as fast one contestant is as another: the median of the ratios of their wall
 * times, round by round, so that what slows a round down slows both.
 *
 * @param median above 1 is faster
 * @param least the least of the rounds
 * @param most the greatest of the rounds
 */
record Ratio(double median, double least, double most) {
  /** The ratio of two contestants in the rounds in which both came to the table; empty if none. */
  static Optional<Ratio> of(List<Measured> faster, List<Measured> slower) {
    List<Double> rounds = new ArrayList<>();
    for (int i = 0; i < faster.size(); i++) {
      if (faster.get(i).isEqual() && slower.get(i).isEqual()) {
        rounds.add(slower.get(i).wallSeconds() / faster.get(i).wallSeconds());
      }
    }
    if (rounds.isEmpty()) {
      return Optional.empty();
    }
    Collections.sort(rounds);
    return Optional.of(
        new Ratio(
            rounded(median(rounds)),
            rounded(rounds.get(0)),
            rounded(rounds.get(rounds.size() - 1))));
  }

  /** The median of numbers in order. */
  static double median(List<Double> sorted) {
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  static double rounded(double value) {
    return Math.round(value * 1_000) / 1_000.0;
  }
}
