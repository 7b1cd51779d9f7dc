package dev.crossfade.migration;

import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.EventWindow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Compares two lanes of a flow over the windows that both have closed: by key and window, with
 * multiplicity, column by column.
 *
 * <p>Both lanes are read from one snapshot, in order, and merged as they come, so that memory grows
 * with the number of windows but not with the number of rows. Every value is read: a digest that
 * the database keeps would not notice a value that was changed by hand. The connection is read-only
 * from its first statement on, whatever its user may do.
 */
public final class Reconcile {
  /** How many differences are listed unless something else is asked for. */
  public static final int DEFAULT_LISTED = 1000;

  private final Database database;
  private final int listed;

  private Reconcile(Database database, int listed) {
    this.database = database;
    this.listed = listed;
  }

  /** Compares lanes in a database, whose user needs to read and no more. */
  public static Reconcile in(Database database) {
    return new Reconcile(database, DEFAULT_LISTED);
  }

  /** The same, listing the first {@code most} differences; they are counted beyond that. */
  public Reconcile listing(int most) {
    if (most < 0) {
      throw new IllegalArgumentException("cannot list " + most + " differences");
    }
    return new Reconcile(database, most);
  }

  /**
   * Compares two lanes.
   *
   * @throws IllegalArgumentException if they are not lanes of one flow, or one and the same
   * @throws StoreException if a lane cannot be read; nothing is said about either then
   */
  public Comparison compare(LaneTable left, LaneTable right) {
    if (!left.resultTable().equals(right.resultTable())) {
      throw new IllegalArgumentException(
          "cannot compare flow '"
              + left.resultTable().flow()
              + "' with flow '"
              + right.resultTable().flow()
              + "': the results are laid out differently");
    }
    if (left.readsTheSameAs(right)) {
      throw new IllegalArgumentException(
          "comparing lane '" + left.lane() + "' with itself would prove nothing");
    }
    String doing = "comparing lanes '" + left.lane() + "' and '" + right.lane() + "'";
    try (Connection connection = database.connectReadOnly()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      return Work.inTransaction(connection, c -> compare(c, left, right));
    } catch (SQLException e) {
      throw StoreException.of(database, doing, e);
    }
  }

  private Comparison compare(Connection c, LaneTable left, LaneTable right) throws SQLException {
    left.check(c);
    right.check(c);
    NavigableSet<EventWindow> known = new TreeSet<>();
    Predicate<EventWindow> closedLeft = closed(c, left, known);
    Predicate<EventWindow> closedRight = closed(c, right, known);
    addWindowsWithRows(c, left, known);
    addWindowsWithRows(c, right, known);

    NavigableMap<EventWindow, WindowCounts> windows = new TreeMap<>();
    long notClosedLeft = 0;
    long notClosedRight = 0;
    for (EventWindow window : known) {
      boolean isClosedLeft = closedLeft.test(window);
      boolean isClosedRight = closedRight.test(window);
      notClosedLeft += isClosedLeft ? 0 : 1;
      notClosedRight += isClosedRight ? 0 : 1;
      if (isClosedLeft && isClosedRight) {
        windows.put(window, WindowCounts.NONE);
      }
    }

    Merge merge = new Merge(left.resultTable(), windows, listed);
    LaneCursor.Filter closedInBoth = parameters -> closedInBoth(left, right, parameters);
    try (LaneCursor leftRows = LaneCursor.ordered(c, left, closedInBoth);
        LaneCursor rightRows = LaneCursor.ordered(c, right, closedInBoth)) {
      merge.run(leftRows, rightRows);
    }
    return merge.comparison(left.lane(), right.lane(), notClosedLeft, notClosedRight);
  }

  private static Predicate<EventWindow> closed(
      Connection c, LaneTable lane, NavigableSet<EventWindow> known) throws SQLException {
    if (lane.recordsClosings()) {
      NavigableSet<EventWindow> closed =
          Lanes.closedWindows(c, lane.resultTable().flow(), lane.lane());
      known.addAll(closed);
      return closed::contains;
    }
    return lane.closedSpan()
        .<Predicate<EventWindow>>map(
            span ->
                window ->
                    !window.start().isBefore(span.start()) && !window.end().isAfter(span.end()))
        .orElse(window -> true);
  }

  /** The same condition as {@link #closed} of both lanes, for the database to apply. */
  private static String closedInBoth(LaneTable left, LaneTable right, List<Object> parameters) {
    StringBuilder sql = new StringBuilder("true");
    for (LaneTable lane : List.of(left, right)) {
      if (lane.recordsClosings()) {
        parameters.add(lane.resultTable().flow());
        parameters.add(lane.lane());
        sql.append(
            " AND EXISTS (SELECT FROM crossfade.closed_windows AS c WHERE c.flow = ? AND c.lane = ?"
                + " AND c.window_start = t.window_start AND c.window_end = t.window_end)");
      }
      lane.closedSpan()
          .ifPresent(
              span -> {
                parameters.add(span.start());
                parameters.add(span.end());
                sql.append(" AND t.window_start >= ? AND t.window_end <= ?");
              });
    }
    return sql.toString();
  }

  private static void addWindowsWithRows(
      Connection c, LaneTable lane, NavigableSet<EventWindow> windows) throws SQLException {
    List<Object> parameters = new ArrayList<>();
    String sql = "SELECT DISTINCT t.window_start, t.window_end" + lane.from(parameters);
    try (PreparedStatement statement = c.prepareStatement(sql)) {
      Sql.bind(statement, parameters);
      statement.setFetchSize(10_000);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Object start = Cells.read(row, 1, ColumnType.TIMESTAMP);
          Object end = Cells.read(row, 2, ColumnType.TIMESTAMP);
          if (!(start instanceof Instant from && end instanceof Instant to && from.isBefore(to))) {
            throw new StoreException(
                "lane '"
                    + lane.lane()
                    + "' in "
                    + lane.qualifiedName()
                    + " has rows whose window is no interval: window_start "
                    + start
                    + ", window_end "
                    + end
                    + "; correct them, or name a view without them; nothing was compared");
          }
          windows.add(new EventWindow(from, to));
        }
      }
    }
  }
}
