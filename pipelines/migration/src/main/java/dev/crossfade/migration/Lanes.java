package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the lanes of a flow hold. */
final class Lanes {
  private final Session session;

  Lanes(Session session) {
    this.session = session;
  }

  NavigableSet<EventWindow> closedWindows(String flow, String lane) {
    return session.transaction("reading closed windows", c -> closedWindows(c, flow, lane));
  }

  static NavigableSet<EventWindow> closedWindows(Connection c, String flow, String lane)
      throws SQLException {
    return new TreeSet<>(
        Sql.list(
            c,
            row -> Sql.window(row, 1),
            "SELECT window_start, window_end FROM crossfade.closed_windows"
                + " WHERE flow = ? AND lane = ?",
            flow,
            lane));
  }

  /** As {@link Store#notClosed} says. */
  List<EventWindow> notClosed(String flow, String lane, Collection<EventWindow> windows) {
    return session.snapshot(
        "reading what lane '" + lane + "' has closed",
        c -> {
          ClosedTime closed = ClosedTime.read(c, flow, lane);
          return windows.stream().filter(window -> !closed.contains(window)).toList();
        });
  }

  NavigableMap<EventWindow, Instant> closings(String flow, String lane) {
    return session.transaction(
        "reading closings",
        c -> {
          NavigableMap<EventWindow, Instant> closings = new TreeMap<>();
          Sql.list(
              c,
              row -> closings.put(Sql.window(row, 1), Sql.instant(row, 3)),
              "SELECT window_start, window_end, closed_at FROM crossfade.closed_windows"
                  + " WHERE flow = ? AND lane = ?",
              flow,
              lane);
          return closings;
        });
  }

  List<Map<String, String>> rows(LaneTable lane, EventWindow window, int most) {
    return session.transaction(
        "reading rows of lane '" + lane.lane() + "'",
        c -> {
          lane.check(c);
          List<Map<String, String>> rows = new ArrayList<>();
          LaneCursor.Filter inWindow =
              parameters -> {
                parameters.add(window.start());
                parameters.add(window.end());
                return "t.window_start = ? AND t.window_end = ?";
              };
          try (LaneCursor cursor = LaneCursor.ordered(c, lane, inWindow)) {
            for (LaneCursor.Row row = cursor.next();
                row != null && rows.size() < most;
                row = cursor.next()) {
              rows.add(row.text(lane.resultTable()));
            }
          }
          return rows;
        });
  }

  List<LaneStatus> status(ResultTable table) {
    return session.snapshot(
        "reading the status of flow '" + table.flow() + "'",
        c -> {
          List<LaneStatus> lanes = new ArrayList<>();
          for (String lane : lanes(c, table)) {
            lanes.add(laneStatus(c, table, lane));
          }
          return Collections.unmodifiableList(lanes);
        });
  }

  /** Those that somebody reads: what a run keeps aside is nobody's business. */
  private static NavigableSet<String> lanes(Connection c, ResultTable table) throws SQLException {
    NavigableSet<String> lanes = new TreeSet<>();
    try (PreparedStatement statement =
        c.prepareStatement(
            "SELECT DISTINCT lane FROM "
                + table.qualifiedName()
                + """
                 UNION SELECT lane FROM crossfade.runs WHERE flow = ?
                 UNION SELECT lane FROM crossfade.closed_windows WHERE flow = ?
                 UNION SELECT lane FROM crossfade.dead_letters WHERE flow = ?
                 UNION SELECT lane FROM crossfade.late_records WHERE flow = ?
                """)) {
      Sql.bind(statement, Collections.nCopies(4, table.flow()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          lanes.add(row.getString(1));
        }
      }
    }
    lanes.removeIf(LaneChanges::isStage);
    return lanes;
  }

  private static LaneStatus laneStatus(Connection c, ResultTable table, String lane)
      throws SQLException {
    String rows = " FROM " + table.qualifiedName() + " WHERE lane = ? AND NOT tombstone";
    String ofFlow = " WHERE flow = ? AND lane = ?";
    List<RunStatus> runs = runs(c, table.flow(), lane);
    return new LaneStatus(
        lane,
        Sql.number(c, "SELECT count(*)" + rows, lane),
        Sql.number(
            c,
            "SELECT count(*) FROM (SELECT DISTINCT window_start, window_end" + rows + ") AS w",
            lane),
        Sql.number(c, "SELECT count(*) FROM crossfade.closed_windows" + ofFlow, table.flow(), lane),
        Sql.number(
            c,
            "SELECT count(*) FROM crossfade.dead_letters" + ofFlow + " AND status <> 'REPLAYED'",
            table.flow(),
            lane),
        Sql.number(c, "SELECT count(*) FROM crossfade.late_records" + ofFlow, table.flow(), lane),
        runs.stream().findFirst(),
        runs.stream().skip(1).toList());
  }

  /** The latest run of a lane, and before it those that have not ended; the latest first. */
  private static List<RunStatus> runs(Connection c, String flow, String lane) throws SQLException {
    return Sql.list(
        c,
        row -> {
          Optional<String> outcome = Optional.ofNullable(row.getString(5));
          return new RunStatus(
              row.getLong(1),
              row.getString(2),
              Sql.instant(row, 3),
              Optional.ofNullable(Sql.instant(row, 4)),
              outcome,
              Optional.ofNullable(row.getString(6)),
              outcome.orElse(row.getBoolean(7) ? RunStatus.RUNNING : RunStatus.GONE),
              checkpoint(row));
        },
        "SELECT run, runner, started_at, ended_at, outcome, counts, "
            + RunLocks.IS_HELD
            + """
            , checkpoint,
              (extract(epoch FROM clock_timestamp() - checkpoint_since) * 1000)::bigint,
              checkpoint_every_millis, ended_at IS NULL AND checkpoint_every_millis IS NOT NULL
             FROM crossfade.runs r WHERE flow = ? AND lane = ? AND (ended_at IS NULL OR run = (
              SELECT max(run) FROM crossfade.runs l WHERE l.flow = r.flow AND l.lane = r.lane))
            ORDER BY run DESC
            """,
        flow,
        lane);
  }

  private static Optional<CheckpointStatus> checkpoint(ResultSet row) throws SQLException {
    return row.getBoolean(11)
        ? Optional.of(
            new CheckpointStatus(
                Optional.ofNullable(row.getString(8)),
                Duration.ofMillis(row.getLong(9)),
                Duration.ofMillis(row.getLong(10))))
        : Optional.empty();
  }

  LaneDigest digest(LaneTable lane) {
    return session.snapshot(
        "computing the digest of lane '" + lane.lane() + "'",
        c -> {
          LaneDigest.Sum sum = new LaneDigest.Sum(lane.resultTable());
          try (LaneCursor rows = LaneCursor.unordered(c, lane)) {
            for (LaneCursor.Row row = rows.next(); row != null; row = rows.next()) {
              sum.add(row);
            }
          }
          return sum.digest();
        });
  }
}
