package dev.crossfade.launcher.rehearsal;

import dev.crossfade.launcher.lanes.LaneTables;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.RunSummary;
import dev.crossfade.launcher.lanes.Stores;
import dev.crossfade.launcher.report.Difference;
import dev.crossfade.launcher.report.Disorder;
import dev.crossfade.launcher.report.FlowReport;
import dev.crossfade.launcher.report.LaneReport;
import dev.crossfade.launcher.report.PaneCounts;
import dev.crossfade.launcher.report.Phase;
import dev.crossfade.launcher.report.RehearsalReport;
import dev.crossfade.launcher.report.SampleRow;
import dev.crossfade.launcher.report.WindowCell;
import dev.crossfade.migration.Comparison;
import dev.crossfade.migration.LaneTable;
import dev.crossfade.migration.Store;
import dev.crossfade.migration.WindowCounts;
import dev.crossfade.migration.WindowState;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Collects what a rehearsal has found, flow by flow, into its report. */
final class FindingsOf {
  private static final int SAMPLE_ROWS = 5;

  private final Instant lastSent;
  private final List<FlowReport> flows = new ArrayList<>();

  /**
   * Nothing yet.
   *
   * @param lastSent when the last report was published
   */
  FindingsOf(Instant lastSent) {
    this.lastSent = lastSent;
  }

  /** Adds a flow with its lanes and the comparison of each pair of them. */
  void add(PlannedFlow flow, List<LaneOutcome> lanes, Map<String, Comparison> comparisons) {
    flows.add(of(flow, lanes, comparisons, lastSent));
  }

  /** The report of a flow, whose lanes are the legacy job, the batch and the stream. */
  static FlowReport of(
      PlannedFlow flow,
      List<LaneOutcome> lanes,
      Map<String, Comparison> comparisons,
      Instant lastSent) {
    ResultTable table = flow.plan().table();
    try (Store store = Stores.open(flow.settings())) {
      NavigableMap<EventWindow, Instant> closings = store.closings(table.flow(), "stream");
      Map<EventWindow, Map<String, Long>> rowsByWindow = rowsByWindow(comparisons);
      Map<EventWindow, Long> differing = differing(comparisons);
      Set<EventWindow> open = new TreeSet<>();
      comparisons.values().forEach(comparison -> open.addAll(comparison.notCompared().keySet()));
      List<WindowCell> cells = new ArrayList<>();
      rowsByWindow.forEach(
          (window, rows) ->
              cells.add(
                  new WindowCell(
                      window.start(),
                      window.end(),
                      rows.values().stream().mapToLong(Long::longValue).max().orElse(0),
                      rows,
                      differing.getOrDefault(window, 0L),
                      !open.contains(window),
                      closings.get(window))));
      long closedBeforeEnd =
          closings.values().stream().filter(closed -> closed.isBefore(lastSent)).count();
      Map<String, Boolean> equal = new LinkedHashMap<>();
      comparisons.forEach(
          (pair, comparison) -> equal.put(pair, comparison.verdict() == Comparison.Verdict.EQUAL));
      Map<String, String> inconclusive = new LinkedHashMap<>();
      comparisons.forEach(
          (pair, comparison) -> {
            if (comparison.verdict() == Comparison.Verdict.INCONCLUSIVE) {
              inconclusive.put(pair, comparison.reason());
            }
          });
      List<LaneReport> laneReports = new ArrayList<>();
      for (LaneOutcome lane : lanes) {
        laneReports.add(laneReport(lane, rowsByWindow, comparisons.values()));
      }
      RunSummary.Counts stream = lanes.get(2).counts();
      return new FlowReport(
          table.flow(),
          zone(flow),
          lanes.get(1).runner(),
          lanes.get(2).runner(),
          cells.size(),
          laneReports.get(2).rows(),
          equal,
          inconclusive,
          laneReports,
          new PaneCounts(stream.earlyPanes(), stream.onTimePanes(), stream.latePanes()),
          closedBeforeEnd,
          cells.isEmpty() ? 0 : (double) closedBeforeEnd / cells.size(),
          flow.plan().windowing().watermarkDelay(),
          flow.plan().windowing().allowedLateness(),
          cells,
          sample(flow, store, rowsByWindow),
          differences(comparisons));
    }
  }

  private static ZoneId zone(PlannedFlow flow) {
    ZoneId zone = flow.plan().eventTimes().zone();
    return zone == null ? ZoneOffset.UTC : zone;
  }

  private static LaneReport laneReport(
      LaneOutcome lane,
      Map<EventWindow, Map<String, Long>> rowsByWindow,
      Collection<Comparison> comparisons) {
    Map<EventWindow, Long> rows = new TreeMap<>();
    rowsByWindow.forEach(
        (window, byLane) -> rows.put(window, byLane.getOrDefault(lane.lane(), 0L)));
    rows.values().removeIf(count -> count == 0);
    Set<EventWindow> closed = new TreeSet<>(rows.keySet());
    for (Comparison comparison : comparisons) {
      comparison
          .notCompared()
          .forEach(
              (window, states) -> {
                boolean left = comparison.left().equals(lane.lane());
                if ((left || comparison.right().equals(lane.lane()))
                    && (left ? states.left() : states.right()) != WindowState.CLOSED) {
                  closed.remove(window);
                }
              });
    }
    return new LaneReport(
        lane.lane(),
        lane.runner(),
        lane.counts().read(),
        rows.values().stream().mapToLong(Long::longValue).sum(),
        rows.size(),
        closed.size(),
        lane.counts().deadLettered(),
        lane.counts().late(),
        lane.digest(),
        lane.took());
  }

  /** The rows of each lane by window, as the comparisons have counted them. */
  private static Map<EventWindow, Map<String, Long>> rowsByWindow(
      Map<String, Comparison> comparisons) {
    Map<EventWindow, Map<String, Long>> rows = new TreeMap<>();
    for (Comparison comparison : comparisons.values()) {
      comparison
          .windows()
          .forEach(
              (window, counts) -> {
                Map<String, Long> byLane =
                    rows.computeIfAbsent(window, any -> new LinkedHashMap<>());
                byLane.put(comparison.left(), counts.leftRows());
                byLane.put(comparison.right(), counts.rightRows());
              });
      comparison
          .notCompared()
          .forEach(
              (window, left) -> {
                Map<String, Long> byLane =
                    rows.computeIfAbsent(window, any -> new LinkedHashMap<>());
                byLane.put(comparison.left(), left.leftRows());
                byLane.put(comparison.right(), left.rightRows());
              });
    }
    return rows;
  }

  private static Map<EventWindow, Long> differing(Map<String, Comparison> comparisons) {
    Map<EventWindow, Long> differing = new TreeMap<>();
    for (Comparison comparison : comparisons.values()) {
      for (Map.Entry<EventWindow, WindowCounts> window : comparison.windows().entrySet()) {
        differing.merge(window.getKey(), window.getValue().differingRows(), Math::max);
      }
    }
    return differing;
  }

  private static List<Difference> differences(Map<String, Comparison> comparisons) {
    List<Difference> differences = new ArrayList<>();
    for (Comparison comparison : comparisons.values()) {
      for (dev.crossfade.migration.Difference difference : comparison.differences()) {
        differences.add(
            new Difference(
                difference.key().toString(),
                difference.window(),
                difference.column() == null ? difference.kind().name() : difference.column(),
                comparison.left(),
                difference.column() == null ? difference.leftRows() + " rows" : difference.left(),
                comparison.right(),
                difference.column() == null
                    ? difference.rightRows() + " rows"
                    : difference.right()));
      }
    }
    return differences;
  }

  /** The first rows of the window in the middle, as each lane has them. */
  private static List<SampleRow> sample(
      PlannedFlow flow, Store store, Map<EventWindow, Map<String, Long>> rowsByWindow) {
    if (rowsByWindow.isEmpty()) {
      return List.of();
    }
    EventWindow window = List.copyOf(rowsByWindow.keySet()).get(rowsByWindow.size() / 2);
    List<String> keyColumns = flow.plan().table().key().names();
    Map<String, Map<String, Map<String, String>>> rows = new LinkedHashMap<>();
    for (String lane : List.of(LaneTable.LEGACY, "batch", "stream")) {
      for (Map<String, String> row : store.rows(LaneTables.of(flow, lane), window, SAMPLE_ROWS)) {
        String key = String.join(", ", keyColumns.stream().map(row::get).toList());
        Map<String, String> values = new LinkedHashMap<>(row);
        keyColumns.forEach(values::remove);
        rows.computeIfAbsent(key, any -> new LinkedHashMap<>()).put(lane, values);
      }
    }
    List<SampleRow> sample = new ArrayList<>();
    rows.forEach((key, byLane) -> sample.add(new SampleRow(key, window, byLane)));
    return sample;
  }

  /** The report over all flows that were added. */
  RehearsalReport report(
      Instant startedAt, FlightReports reports, Disorder disorder, List<Phase> phases) {
    boolean equal = flows.stream().noneMatch(flow -> flow.equal().containsValue(false));
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("Java", Runtime.version().toString());
    environment.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    environment.put("Beam", org.apache.beam.sdk.util.ReleaseInfo.getReleaseInfo().getSdkVersion());
    String version = FindingsOf.class.getPackage().getImplementationVersion();
    return new RehearsalReport(
        "Rehearsal on real flights",
        startedAt,
        version == null ? "unpackaged" : version,
        String.format(
            Locale.ROOT,
            "%,d reports of flights that departed from %s to %s",
            reports.reports().size(),
            reports.reports().stream()
                .map(FlightReports.Report::departure)
                .min(java.util.Comparator.naturalOrder())
                .orElseThrow(),
            reports.reports().stream()
                .map(FlightReports.Report::departure)
                .max(java.util.Comparator.naturalOrder())
                .orElseThrow()),
        equal,
        flows,
        disorder,
        phases,
        environment);
  }
}
