package dev.crossfade.launcher.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far behind the records came, twice: over time, and counted. Through both go the lines that a
 * flow draws: its watermark delay, and the same plus its allowed lateness.
 */
record DisorderPlot(
    String width,
    String height,
    String left,
    String right,
    String top,
    String bottom,
    String dots,
    List<Axis.Tick> hoursAcross,
    List<Axis.Tick> hoursUp,
    List<Bar> bars,
    List<Line> lines,
    String shown,
    String records,
    String median,
    String p99,
    String max) {
  private static final double WIDTH = 520;
  private static final double HEIGHT = 330;
  private static final double LEFT = 44;
  private static final double RIGHT = 26;
  private static final double TOP = 22;
  private static final double BOTTOM = 44;
  private static final double BAR_GAP = 3;
  private static final double MARK_GAP = 17;
  private static final double LEAST_BAR = 1.5;
  private static final double NANOS_PER_HOUR = 3_600e9;
  private static final double[] HOURS = {0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 72, 168};

  /** A class of the histogram. */
  record Bar(
      String x,
      String y,
      String width,
      String height,
      String middle,
      String countY,
      String label,
      String labelX,
      String count,
      String tooltip) {}

  /**
   * A line through both drawings, marked with a letter that the legend explains.
   *
   * @param firm whether it is the line up to which no record is late
   * @param y its place in the scatter
   * @param x its place in the histogram, empty if it lies beyond it
   */
  record Line(
      String letter, boolean firm, String text, String y, String markY, String x, String markX) {}

  private record Threshold(Duration at, boolean firm) {}

  static DisorderPlot of(Disorder disorder, List<FlowReport> flows) {
    Map<Threshold, List<String>> thresholds = new LinkedHashMap<>();
    for (FlowReport flow : flows) {
      Duration delay = flow.watermarkDelay();
      thresholds
          .computeIfAbsent(new Threshold(delay, false), key -> new ArrayList<>())
          .add(flow.flow());
      thresholds
          .computeIfAbsent(
              new Threshold(delay.plus(flow.allowedLateness()), true), key -> new ArrayList<>())
          .add(flow.flow());
    }
    double highest = hours(disorder.max());
    double longest = 0;
    for (Disorder.Point point : disorder.scatter()) {
      highest = Math.max(highest, point.behindHours());
      longest = Math.max(longest, point.arrivalOffsetHours());
    }
    for (Threshold threshold : thresholds.keySet()) {
      highest = Math.max(highest, hours(threshold.at()));
    }
    Axis across = new Axis(longest, LEFT, WIDTH - RIGHT);
    Axis up = new Axis(highest * 1.04, HEIGHT - BOTTOM, TOP);
    StringBuilder dots = new StringBuilder();
    for (Disorder.Point point : disorder.scatter()) {
      // One path of zero-length strokes with round ends: a tenth of the size of as many circles.
      dots.append('M')
          .append(across.text(point.arrivalOffsetHours()))
          .append(' ')
          .append(up.text(point.behindHours()))
          .append("h0");
    }
    return new DisorderPlot(
        Display.coordinate(WIDTH),
        Display.coordinate(HEIGHT),
        Display.coordinate(LEFT),
        Display.coordinate(WIDTH - RIGHT),
        Display.coordinate(TOP),
        Display.coordinate(HEIGHT - BOTTOM),
        dots.toString(),
        across.ticks(HOURS, 8, ""),
        up.ticks(HOURS, 8, " h"),
        bars(disorder.histogram()),
        lines(thresholds, flows.size(), disorder.histogram(), up),
        Display.count(disorder.scatter().size()),
        Display.count(records(disorder)),
        Display.duration(disorder.median()),
        Display.duration(disorder.p99()),
        Display.duration(disorder.max()));
  }

  private static long records(Disorder disorder) {
    return disorder.histogram().stream().mapToLong(Disorder.Bucket::count).sum();
  }

  private static List<Bar> bars(List<Disorder.Bucket> histogram) {
    long most = histogram.stream().mapToLong(Disorder.Bucket::count).max().orElse(0);
    long all = histogram.stream().mapToLong(Disorder.Bucket::count).sum();
    Axis up = new Axis(most, HEIGHT - BOTTOM, TOP + 14);
    double slot = slot(histogram);
    List<Bar> bars = new ArrayList<>();
    for (int i = 0; i < histogram.size(); i++) {
      Disorder.Bucket bucket = histogram.get(i);
      double height = HEIGHT - BOTTOM - up.at((double) bucket.count());
      // A handful among a hundred thousand must not vanish: they are the ones that matter here.
      height = bucket.count() > 0 ? Math.max(height, LEAST_BAR) : 0;
      double x = LEFT + i * slot;
      bars.add(
          new Bar(
              Display.coordinate(x + BAR_GAP / 2),
              Display.coordinate(HEIGHT - BOTTOM - height),
              Display.coordinate(slot - BAR_GAP),
              Display.coordinate(height),
              Display.coordinate(x + slot / 2),
              Display.coordinate(HEIGHT - BOTTOM - height - 5),
              bucket.from().isZero() ? "0" : Display.duration(bucket.from()),
              Display.coordinate(x),
              bucket.count() == 0 ? "" : compact(bucket.count()),
              Display.duration(bucket.from())
                  + " to "
                  + Display.duration(bucket.to())
                  + " behind\n"
                  + Display.count(bucket.count(), "record")
                  + (all == 0 ? "" : " · " + Display.percent((double) bucket.count() / all))));
    }
    return bars;
  }

  private static String compact(long count) {
    return count < 10_000 ? Display.count(count) : Display.count(Math.round(count / 1000.0)) + "k";
  }

  private static double slot(List<Disorder.Bucket> histogram) {
    return (WIDTH - RIGHT - LEFT) / Math.max(1, histogram.size());
  }

  private static List<Line> lines(
      Map<Threshold, List<String>> thresholds,
      int flows,
      List<Disorder.Bucket> histogram,
      Axis up) {
    List<Map.Entry<Threshold, List<String>>> sorted = new ArrayList<>(thresholds.entrySet());
    sorted.sort(Comparator.comparing(entry -> entry.getKey().at()));
    List<Line> lines = new ArrayList<>();
    double lowestMark = Double.POSITIVE_INFINITY;
    double rightmostMark = Double.NEGATIVE_INFINITY;
    for (Map.Entry<Threshold, List<String>> entry : sorted) {
      Threshold threshold = entry.getKey();
      double y = up.at(hours(threshold.at()));
      // Marks of lines that lie close together move apart; the lines stay where they are.
      lowestMark = Math.min(y, lowestMark - MARK_GAP);
      double x = place(histogram, threshold.at());
      rightmostMark = Double.isNaN(x) ? rightmostMark : Math.max(x, rightmostMark + MARK_GAP);
      lines.add(
          new Line(
              String.valueOf((char) ('A' + lines.size() % 26)),
              threshold.firm(),
              (threshold.firm() ? "watermark delay plus allowed lateness, " : "watermark delay, ")
                  + Display.duration(threshold.at())
                  + " ("
                  + (entry.getValue().size() == flows && flows == 2
                      ? "both flows"
                      : Display.list(entry.getValue()))
                  + ")",
              Display.coordinate(y),
              Display.coordinate(lowestMark),
              Double.isNaN(x) ? "" : Display.coordinate(x),
              Double.isNaN(x) ? "" : Display.coordinate(rightmostMark)));
    }
    return lines;
  }

  /** Where a duration lies among the bars: within a bar, by its share of the bar's logarithm. */
  private static double place(List<Disorder.Bucket> histogram, Duration at) {
    double slot = slot(histogram);
    for (int i = 0; i < histogram.size(); i++) {
      Disorder.Bucket bucket = histogram.get(i);
      if (at.compareTo(bucket.from()) >= 0 && at.compareTo(bucket.to()) < 0) {
        double from = Math.log1p(hours(bucket.from()) * 60);
        double to = Math.log1p(hours(bucket.to()) * 60);
        double share = to <= from ? 0 : (Math.log1p(hours(at) * 60) - from) / (to - from);
        return LEFT + (i + share) * slot;
      }
    }
    boolean atTheEnd = !histogram.isEmpty() && histogram.get(histogram.size() - 1).to().equals(at);
    return atTheEnd ? WIDTH - RIGHT : Double.NaN;
  }

  private static double hours(Duration duration) {
    return duration.getSeconds() / 3600.0 + duration.getNano() / NANOS_PER_HOUR;
  }
}
