package dev.crossfade.launcher.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The part of the page that shows one flow, with every number already written out. */
record FlowSection(
    String anchor,
    String name,
    boolean agrees,
    String zone,
    String runnerBatch,
    String runnerStream,
    String windows,
    String rows,
    String watermarkDelay,
    String allowedLateness,
    List<Pair> pairs,
    List<Lane> lanes,
    HeatMap heatMap,
    List<Share> panes,
    String paneCount,
    List<Share> closedBeforeEnd,
    String closedBeforeEndCount,
    String closedBeforeEndShare,
    Closings closings,
    List<Sample> sample,
    String sampleTotal,
    List<Differing> differences,
    String differenceTotal,
    boolean differencesCapped) {
  /** More rows than this help nobody who reads a page; the JSON has them all. */
  static final int MOST_DIFFERENCES = 100;

  /** A few rows to look at; the digests stand for the rest. */
  static final int MOST_SAMPLES = 12;

  /** Two lanes and whether they agree; the sign between them is a question if nobody knows. */
  record Pair(String left, String right, boolean equal, String sign) {}

  /** A line of the table of lanes. */
  record Lane(
      String name,
      String runner,
      String read,
      String rows,
      String windows,
      String closedWindows,
      boolean allClosed,
      String deadLettered,
      boolean anyDead,
      String late,
      boolean anyLate,
      String digest,
      String fullDigest,
      boolean digestDiffers,
      String took) {}

  /** A part of a bar. */
  record Share(String kind, String name, String count, String percent, String width) {}

  /** One row beside itself in the other lanes. */
  record Sample(String key, String window, List<String> lanes, List<SampleLine> lines) {}

  /** One column of a row, in each lane. */
  record SampleLine(String column, List<Value> values, boolean differs) {}

  /** A value; without text if there is none. */
  record Value(String text, boolean present) {
    static Value of(String text, String none) {
      return text == null ? new Value(none, false) : new Value(text, true);
    }
  }

  /** A line of the table of differences. */
  record Differing(
      String key,
      String window,
      Value column,
      String leftLane,
      Value left,
      String rightLane,
      Value right) {}

  /** The id of the section of the flow at a position, from 0. */
  static String anchor(int index) {
    return "flow-" + (index + 1);
  }

  static FlowSection of(FlowReport flow, int index, Instant startedAt) {
    PaneCounts panes = flow.panes();
    long paneCount = panes.early() + panes.onTime() + panes.late();
    long afterEnd = Math.max(0, flow.windows() - flow.closedBeforeEnd());
    return new FlowSection(
        anchor(index),
        flow.flow(),
        flow.agrees(),
        flow.zone().getId(),
        flow.runnerBatch(),
        flow.runnerStream(),
        Display.count(flow.windows(), "window"),
        Display.count(flow.rows(), "row"),
        Display.duration(flow.watermarkDelay()),
        Display.duration(flow.allowedLateness()),
        pairs(flow),
        lanes(flow.lanes()),
        HeatMap.of(flow, startedAt),
        List.of(
            share("early", "early", panes.early(), paneCount),
            share("ontime", "on time", panes.onTime(), paneCount),
            share("late", "late", panes.late(), paneCount)),
        Display.count(paneCount, "pane"),
        List.of(
            share("before", "before the end", flow.closedBeforeEnd(), flow.windows()),
            share("after", "after it, or not at all", afterEnd, flow.windows())),
        Display.count(flow.closedBeforeEnd()),
        Display.percent(flow.closedBeforeEndShare()),
        Closings.of(flow, startedAt),
        flow.sample().stream().limit(MOST_SAMPLES).map(row -> sample(row, flow)).toList(),
        Display.count(flow.sample().size()),
        flow.differences().stream()
            .limit(MOST_DIFFERENCES)
            .map(difference -> differing(difference, flow))
            .toList(),
        Display.count(flow.differences().size(), "difference"),
        flow.differences().size() > MOST_DIFFERENCES);
  }

  private static List<Pair> pairs(FlowReport flow) {
    List<Pair> pairs = new ArrayList<>();
    flow.equal()
        .forEach(
            (pair, same) -> {
              int dash = pair.indexOf('-');
              String sign = same ? "=" : flow.inconclusive().containsKey(pair) ? "?" : "≠";
              pairs.add(
                  dash < 0
                      ? new Pair(pair, "", same, sign)
                      : new Pair(pair.substring(0, dash), pair.substring(dash + 1), same, sign));
            });
    return pairs;
  }

  private static List<Lane> lanes(List<LaneReport> lanes) {
    Set<String> digests = new HashSet<>();
    lanes.forEach(lane -> digests.add(lane.digest()));
    List<Lane> lines = new ArrayList<>();
    for (LaneReport lane : lanes) {
      lines.add(
          new Lane(
              lane.lane(),
              lane.runner(),
              Display.count(lane.read()),
              Display.count(lane.rows()),
              Display.count(lane.windows()),
              Display.count(lane.closedWindows()),
              lane.closedWindows() == lane.windows(),
              Display.count(lane.deadLettered()),
              lane.deadLettered() > 0,
              Display.count(lane.late()),
              lane.late() > 0,
              Display.digest(lane.digest()),
              lane.digest(),
              digests.size() > 1 && isOdd(lane, lanes),
              Display.duration(lane.took())));
    }
    return lines;
  }

  /** Whether no other lane has this lane's digest. */
  private static boolean isOdd(LaneReport lane, List<LaneReport> lanes) {
    return lanes.stream().filter(other -> other.digest().equals(lane.digest())).count() == 1;
  }

  private static Share share(String kind, String name, long part, long whole) {
    double share = whole == 0 ? 0 : (double) part / whole;
    return new Share(
        kind,
        name,
        Display.count(part),
        Display.percent(share),
        Display.coordinate(Math.min(share, 1) * 100));
  }

  private static Sample sample(SampleRow row, FlowReport flow) {
    List<String> lanes = flow.lanes().stream().map(LaneReport::lane).toList();
    Set<String> columns = new LinkedHashSet<>();
    row.valuesByLane().values().forEach(values -> columns.addAll(values.keySet()));
    List<SampleLine> lines = new ArrayList<>();
    for (String column : columns) {
      List<Value> values = new ArrayList<>();
      for (String lane : lanes) {
        Map<String, String> ofLane = row.valuesByLane().get(lane);
        values.add(
            ofLane == null
                ? new Value("no row", false)
                : Value.of(ofLane.get(column), ofLane.containsKey(column) ? "null" : "no value"));
      }
      lines.add(new SampleLine(column, values, new HashSet<>(values).size() > 1));
    }
    return new Sample(row.key(), Display.window(row.window(), flow.zone()), lanes, lines);
  }

  private static Differing differing(Difference difference, FlowReport flow) {
    return new Differing(
        difference.key(),
        Display.window(difference.window(), flow.zone()),
        Value.of(difference.column(), "whole row"),
        difference.leftLane(),
        Value.of(difference.leftValue(), "no such row"),
        difference.rightLane(),
        Value.of(difference.rightValue(), "no such row"));
  }
}
