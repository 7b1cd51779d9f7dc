package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The rows that a lane has in one window.
 *
 * @param rows how many
 * @param oldestRun the least number of a run that has written one of them; {@link Long#MAX_VALUE}
 *     where rows do not say it, or there are none
 */
record LaneRows(long rows, long oldestRun) {
  static final LaneRows NONE = new LaneRows(0, Long.MAX_VALUE);

  /** Those of every window in which a lane has any. */
  static NavigableMap<EventWindow, LaneRows> read(Connection c, LaneTable lane)
      throws SQLException {
    List<Object> parameters = new ArrayList<>();
    String sql =
        "SELECT t.window_start, t.window_end, count(*), "
            + (lane.recordsClosings() ? "min(t.run)" : Long.MAX_VALUE + "::bigint")
            + lane.from(parameters)
            + " GROUP BY t.window_start, t.window_end";
    NavigableMap<EventWindow, LaneRows> windows = new TreeMap<>();
    try (PreparedStatement statement = c.prepareStatement(sql)) {
      Sql.bind(statement, parameters);
      statement.setFetchSize(10_000);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          windows.put(lane.window(row, 1), new LaneRows(row.getLong(3), row.getLong(4)));
        }
      }
    }
    return windows;
  }
}
