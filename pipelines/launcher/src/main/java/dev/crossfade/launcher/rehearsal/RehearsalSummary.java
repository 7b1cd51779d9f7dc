package dev.crossfade.launcher.rehearsal;

import dev.crossfade.launcher.report.FlowReport;
import dev.crossfade.launcher.report.LaneReport;
import dev.crossfade.launcher.report.PaneCounts;
import dev.crossfade.launcher.report.Phase;
import dev.crossfade.launcher.report.RehearsalReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What {@code rehearse --json} prints.
 *
 * @param equal whether every pair of lanes of every flow agrees
 * @param flows the flows
 * @param phases what took how long
 * @param report where the HTML report is
 */
public record RehearsalSummary(boolean equal, List<Flow> flows, List<Phase> phases, String report) {
  /**
   * One flow.
   *
   * @param flow its name
   * @param runner the runner of the stream lane
   * @param windows how many windows there are
   * @param rows how many rows the stream lane has
   * @param equal by pair of lanes, whether they agree
   * @param read records that the stream lane has read
   * @param deadLettered those of them that could not be processed
   * @param late those of them that came after their window had closed
   * @param panes the panes of the stream lane
   * @param closedBeforeEnd windows that the stream lane had closed when the last report was
   *     published
   * @param lanes each lane in full
   */
  public record Flow(
      String flow,
      String runner,
      long windows,
      long rows,
      Map<String, Boolean> equal,
      long read,
      long deadLettered,
      long late,
      PaneCounts panes,
      long closedBeforeEnd,
      List<LaneReport> lanes) {}

  /** The summary of a report. */
  public static RehearsalSummary of(RehearsalReport report, Path file) {
    return new RehearsalSummary(
        report.equal(),
        report.flows().stream().map(RehearsalSummary::flow).toList(),
        report.phases(),
        file.toAbsolutePath().toString());
  }

  private static Flow flow(FlowReport flow) {
    LaneReport stream = flow.lanes().get(flow.lanes().size() - 1);
    return new Flow(
        flow.flow(),
        flow.runnerStream(),
        flow.windows(),
        flow.rows(),
        flow.equal(),
        stream.read(),
        stream.deadLettered(),
        stream.late(),
        flow.panes(),
        flow.closedBeforeEnd(),
        flow.lanes());
  }
}
