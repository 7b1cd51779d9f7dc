package dev.crossfade.migration;

import dev.crossfade.transforms.results.ResultTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Takes rows out of lanes, with all that belongs to them. */
final class LaneChanges {
  /** What is kept by run beside the results and is worth nothing without them. */
  private static final List<String> BY_RUN =
      List.of(
          "inputs",
          "origin_ledger",
          "window_ledger",
          "window_sources",
          "dead_letter_runs",
          "conflicts",
          "idle_advances",
          "frontiers",
          "quality");

  private LaneChanges() {}

  /** Takes everything that the runs of a lane before a run have written out of it. */
  static Removed remove(Connection c, ResultTable table, String lane, long beforeRun)
      throws SQLException {
    String ofLane = " WHERE flow = ? AND lane = ? AND run < ?";
    String flow = table.flow();
    for (String name : BY_RUN) {
      Sql.update(c, "DELETE FROM crossfade." + name + ofLane, flow, lane, beforeRun);
    }
    removeDeadStages(c, table, lane);
    return new Removed(
        Sql.update(
            c,
            "DELETE FROM " + table.qualifiedName() + " WHERE lane = ? AND run < ?",
            lane,
            beforeRun),
        Sql.update(c, "DELETE FROM crossfade.closed_windows" + ofLane, flow, lane, beforeRun),
        Sql.update(c, "DELETE FROM crossfade.dead_letters" + ofLane, flow, lane, beforeRun),
        Sql.update(c, "DELETE FROM crossfade.late_records" + ofLane, flow, lane, beforeRun));
  }

  /** Whether a lane's name is one under which a run keeps rows aside. */
  static boolean isStage(String lane) {
    return lane.contains("~");
  }

  /** Takes out what a run has kept aside. */
  static void removeStaged(Connection c, String flow, String lane, long run) throws SQLException {
    String stage = ResultTable.stagingLane(lane, run);
    // The flow's table has this name whatever its columns are.
    String results = ResultTable.SCHEMA + "." + Sql.quote(flow.replace('-', '_'));
    Sql.update(c, "DELETE FROM " + results + " WHERE lane = ?", stage);
    Sql.update(c, "DELETE FROM crossfade.closed_windows WHERE flow = ? AND lane = ?", flow, stage);
  }

  /** Takes out what runs of a lane have kept aside and will not put in place any more. */
  static void removeDeadStages(Connection c, ResultTable table, String lane) throws SQLException {
    List<Long> dead =
        Sql.list(
            c,
            row -> row.getLong(1),
            """
            SELECT run FROM crossfade.runs
            WHERE flow = ? AND lane = ? AND staged AND ended_at IS NOT NULL
              AND put_in_place_at IS NULL
            """,
            table.flow(),
            lane);
    List<String> stages = new ArrayList<>();
    for (long run : dead) {
      stages.add(ResultTable.stagingLane(lane, run));
    }
    Sql.update(
        c, "DELETE FROM " + table.qualifiedName() + " WHERE lane = ANY (?)", Sql.array(c, stages));
    Sql.update(
        c,
        "DELETE FROM crossfade.closed_windows WHERE flow = ? AND lane = ANY (?)",
        table.flow(),
        Sql.array(c, stages));
  }
}
