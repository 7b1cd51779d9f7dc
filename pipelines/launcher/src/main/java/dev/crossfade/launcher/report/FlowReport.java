package dev.crossfade.launcher.report;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * What a rehearsal found for one flow.
 *
 * @param flow the flow's name
 * @param zone the zone in which the flow's windows are laid out and shown
 * @param runnerBatch the runner of the batch lane
 * @param runnerStream the runner of the stream lane
 * @param windows how many windows were compared
 * @param rows how many results there are over all windows
 * @param equal for each pair of lanes, such as {@code batch-stream}, whether the two agree
 * @param inconclusive for each pair of which nobody can say whether the two agree, why
 * @param lanes one report for each lane
 * @param panes how often the stream lane emitted, and when
 * @param closedBeforeEnd how many windows the stream lane closed before the last record was
 *     published
 * @param closedBeforeEndShare the same as a share of all windows, from 0 to 1
 * @param watermarkDelay how far the watermark is held behind the newest event time
 * @param allowedLateness how long after its end, by the watermark, a window still takes records
 * @param cells the windows, in order of time
 * @param sample a few rows, as each lane has them
 * @param differences where the lanes differ; usually empty
 */
public record FlowReport(
    String flow,
    ZoneId zone,
    String runnerBatch,
    String runnerStream,
    long windows,
    long rows,
    Map<String, Boolean> equal,
    Map<String, String> inconclusive,
    List<LaneReport> lanes,
    PaneCounts panes,
    long closedBeforeEnd,
    double closedBeforeEndShare,
    Duration watermarkDelay,
    Duration allowedLateness,
    List<WindowCell> cells,
    List<SampleRow> sample,
    List<Difference> differences) {
  /** Copies the collections. */
  public FlowReport {
    equal = Ordered.copy(equal);
    inconclusive = Ordered.copy(inconclusive);
    lanes = List.copyOf(lanes);
    cells = List.copyOf(cells);
    sample = List.copyOf(sample);
    differences = List.copyOf(differences);
  }

  /** The report of a flow of which every pair of lanes agrees or does not. */
  public FlowReport(
      String flow,
      ZoneId zone,
      String runnerBatch,
      String runnerStream,
      long windows,
      long rows,
      Map<String, Boolean> equal,
      List<LaneReport> lanes,
      PaneCounts panes,
      long closedBeforeEnd,
      double closedBeforeEndShare,
      Duration watermarkDelay,
      Duration allowedLateness,
      List<WindowCell> cells,
      List<SampleRow> sample,
      List<Difference> differences) {
    this(
        flow,
        zone,
        runnerBatch,
        runnerStream,
        windows,
        rows,
        equal,
        Map.of(),
        lanes,
        panes,
        closedBeforeEnd,
        closedBeforeEndShare,
        watermarkDelay,
        allowedLateness,
        cells,
        sample,
        differences);
  }

  /** Whether nothing at all in this report speaks against the lanes' agreeing. */
  boolean agrees() {
    return !differs() && !equal.containsValue(false);
  }

  /** Whether two lanes were found to differ. */
  public boolean differs() {
    return equal.entrySet().stream()
            .anyMatch(pair -> !pair.getValue() && !inconclusive.containsKey(pair.getKey()))
        || !differences.isEmpty()
        || cells.stream().anyMatch(cell -> cell.differing() > 0);
  }

  /** How many rows differ between two lanes, over all windows. */
  long differingRows() {
    return cells.stream().mapToLong(WindowCell::differing).sum();
  }

  /** How many windows hold a row that differs. */
  long differingWindows() {
    return cells.stream().filter(cell -> cell.differing() > 0).count();
  }

  /** How many windows some lane has not closed. */
  long openWindows() {
    return cells.stream().filter(cell -> !cell.closedInAllLanes()).count();
  }
}
