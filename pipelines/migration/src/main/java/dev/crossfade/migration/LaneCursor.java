package dev.crossfade.migration;

import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a lane, one after the other, through a cursor on the server: what is in memory does
 * not grow with the lane. The connection must be within a transaction, since outside of one the
 * driver reads everything at once.
 */
final class LaneCursor implements AutoCloseable {
  private static final int FETCH_SIZE = 2000;

  private final LaneTable lane;
  private final List<Column> address;
  private final List<Column> values;
  private final boolean ordered;
  private final PreparedStatement statement;
  private final ResultSet rows;
  private List<Object> previous;

  /**
   * A row of a lane.
   *
   * @param address the values of the key columns, and the window's bounds
   * @param values the values of the value columns
   */
  record Row(List<Object> address, List<Object> values) {
    /** The key's and the values' columns as text, by name. */
    Map<String, String> text(ResultTable table) {
      Map<String, String> text = new LinkedHashMap<>();
      for (int i = 0; i < table.key().size(); i++) {
        text.put(table.key().column(i).name(), Cells.print(address.get(i)));
      }
      for (int i = 0; i < table.values().size(); i++) {
        text.put(table.values().column(i).name(), Cells.print(values.get(i)));
      }
      return text;
    }

    /** The window, which the address ends with. */
    EventWindow window() {
      return new EventWindow(
          (Instant) address.get(address.size() - 2), (Instant) address.get(address.size() - 1));
    }
  }

  private LaneCursor(Connection connection, LaneTable lane, boolean ordered, Filter filter)
      throws SQLException {
    this.lane = lane;
    this.ordered = ordered;
    address = lane.resultTable().address().columns();
    values = lane.resultTable().values().columns();
    List<Object> parameters = new ArrayList<>();
    String sql = sql(lane, ordered, filter, parameters);
    statement = connection.prepareStatement(sql);
    try {
      statement.setFetchSize(FETCH_SIZE);
      Sql.bind(statement, parameters);
      rows = statement.executeQuery();
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }

  /** A condition on the rows of a lane. */
  @FunctionalInterface
  interface Filter {
    /** The condition on the table {@code t}; its values go into the parameters. */
    String sql(List<Object> parameters);
  }

  /** The rows of some windows; the bounds of all of them let an index on windows be used. */
  static Filter inWindows(Connection c, List<EventWindow> windows) throws SQLException {
    if (windows.isEmpty()) {
      return parameters -> "false";
    }
    Array starts = Sql.array(c, windows.stream().map(w -> Sql.text(w.start())).toList());
    Array ends = Sql.array(c, windows.stream().map(w -> Sql.text(w.end())).toList());
    Instant first = windows.get(0).start();
    Instant last = windows.get(windows.size() - 1).start();
    return parameters -> {
      parameters.addAll(List.of(first, last, starts, ends));
      return "t.window_start BETWEEN ? AND ? AND (t.window_start, t.window_end)"
          + " IN (SELECT * FROM unnest(?::timestamptz[], ?::timestamptz[]))";
    };
  }

  /** All rows of a lane in any order. */
  static LaneCursor unordered(Connection connection, LaneTable lane) throws SQLException {
    lane.check(connection);
    return new LaneCursor(connection, lane, false, parameters -> "true");
  }

  /** The rows that a filter lets pass, by key and window in the order of {@link Cells#compare}. */
  static LaneCursor ordered(Connection connection, LaneTable lane, Filter filter)
      throws SQLException {
    return new LaneCursor(connection, lane, true, filter);
  }

  private static String sql(
      LaneTable lane, boolean ordered, Filter filter, List<Object> parameters) {
    StringBuilder sql = new StringBuilder("SELECT ");
    sql.append(
        String.join(", ", lane.columns().columns().stream().map(LaneTable::expression).toList()));
    sql.append(lane.from(parameters)).append(" AND ").append(filter.sql(parameters));
    if (ordered) {
      sql.append(" ORDER BY ");
      sql.append(
          String.join(
              ", ",
              lane.resultTable().address().columns().stream().map(LaneCursor::sortKey).toList()));
    }
    return sql.toString();
  }

  private static String sortKey(Column column) {
    return LaneTable.expression(column)
        + (column.type() == ColumnType.TEXT ? " COLLATE \"C\"" : "")
        + " ASC NULLS LAST";
  }

  /** The next row, or null after the last one. */
  Row next() throws SQLException {
    if (!rows.next()) {
      return null;
    }
    Row row = new Row(read(address, 1), read(values, 1 + address.size()));
    if (ordered) {
      // A merge over rows in another order would miss rows without a word.
      if (previous != null && Cells.compare(address, previous, row.address()) > 0) {
        throw new StoreException(
            "PostgreSQL gave "
                + lane.qualifiedName()
                + " in another order than asked for: "
                + row.address()
                + " after "
                + previous
                + "; its index may be corrupt (REINDEX helps), and nothing is said about the lane");
      }
      previous = row.address();
    }
    return row;
  }

  private List<Object> read(List<Column> columns, int from) throws SQLException {
    Object[] cells = new Object[columns.size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = Cells.read(rows, from + i, columns.get(i).type());
    }
    return Collections.unmodifiableList(Arrays.asList(cells));
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
