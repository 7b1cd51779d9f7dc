package dev.crossfade.launcher.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A linear scale from 0 to some greatest value, and where it lies on the drawing.
 *
 * @param max the greatest value
 * @param from the coordinate of 0
 * @param to the coordinate of the greatest value
 */
record Axis(double max, double from, double to) {
  /** Where a value lies; what is beyond the scale lies at its end. */
  double at(double value) {
    double share = max <= 0 ? 0 : Math.min(Math.max(value / max, 0), 1);
    return from + (to - from) * share;
  }

  /** The coordinate of a value, as text. */
  String text(double value) {
    return Display.coordinate(at(value));
  }

  /**
   * Marks at even distances, such as a reader can count by: the least of the steps that gives few
   * enough.
   */
  List<Tick> ticks(double[] steps, int most, String unit) {
    double step = steps[steps.length - 1];
    for (double candidate : steps) {
      if (max / candidate <= most) {
        step = candidate;
        break;
      }
    }
    while (max / step > most) {
      step *= 2;
    }
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; i * step <= max; i++) {
      ticks.add(new Tick(text(i * step), Display.coordinate(i * step) + unit));
    }
    return ticks;
  }

  /** A mark on the axis. */
  record Tick(String at, String label) {}
}
