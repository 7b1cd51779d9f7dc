package dev.crossfade.launcher.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * When the stream lane closed its windows: a line that climbs by one with each of them, and below
 * it those that closed while records were still being published. Windows that close only after the
 * end say nothing for the stream lane: a bounded run has them by then too.
 *
 * @param line the outline of all closings, empty if there is nothing to draw
 * @param before the surface below the closings before the end of publication
 * @param after the surface below those after it
 */
record Closings(
    String width,
    String height,
    String baseline,
    String line,
    String before,
    String after,
    List<Axis.Tick> times,
    String timeUnit,
    String top) {
  private static final double WIDTH = 340;
  private static final double HEIGHT = 150;
  private static final double LEFT = 34;
  private static final double RIGHT = 10;
  private static final double TOP = 14;
  private static final double BOTTOM = 22;
  private static final double[] SECONDS = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600};

  static Closings of(FlowReport flow, Instant startedAt) {
    List<Double> seconds =
        flow.cells().stream()
            .map(WindowCell::closedAt)
            .filter(Objects::nonNull)
            .map(closedAt -> Duration.between(startedAt, closedAt).toMillis() / 1000.0)
            .sorted()
            .toList();
    double last = seconds.isEmpty() ? 0 : seconds.get(seconds.size() - 1);
    double unit = last > 300 ? 60 : 1;
    Axis time = new Axis(last / unit, LEFT, WIDTH - RIGHT);
    Axis closed = new Axis(seconds.size(), HEIGHT - BOTTOM, TOP);
    int before = (int) Math.min(flow.closedBeforeEnd(), seconds.size());
    return new Closings(
        Display.coordinate(WIDTH),
        Display.coordinate(HEIGHT),
        closed.text(0),
        last <= 0 ? "" : steps(seconds, unit, 0, seconds.size(), time, closed, false),
        last <= 0 ? "" : steps(seconds, unit, 0, before, time, closed, true),
        last <= 0 ? "" : steps(seconds, unit, before, seconds.size(), time, closed, true),
        time.ticks(SECONDS, 5, ""),
        unit == 60 ? "minutes after the start" : "seconds after the start",
        Display.count(seconds.size()));
  }

  private static String steps(
      List<Double> seconds, double unit, int from, int to, Axis time, Axis closed, boolean filled) {
    if (from >= to) {
      return "";
    }
    // The surface before the end of publication reaches to the next closing, so that the two meet.
    double end = seconds.get(Math.min(to, seconds.size() - 1)) / unit;
    StringBuilder path = new StringBuilder("M").append(time.text(seconds.get(from) / unit));
    path.append(' ').append(closed.text(filled ? 0 : from));
    for (int i = from; i < to; i++) {
      path.append('H').append(time.text(seconds.get(i) / unit));
      path.append('V').append(closed.text(i + 1.0));
    }
    if (filled) {
      path.append('H').append(time.text(end)).append('V').append(closed.text(0)).append('Z');
    }
    return path.toString();
  }
}
