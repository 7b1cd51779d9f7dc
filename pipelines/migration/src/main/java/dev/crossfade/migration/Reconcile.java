package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Compares two lanes of a flow over the windows that both have closed: by key and window, with
 * multiplicity, column by column.
 *
 * <p>Both lanes are read from one snapshot, in order, and merged as they come, so that memory grows
 * with the number of windows but not with the number of rows. Of two lanes in a table that keeps
 * hashes of its rows, as PostgreSQL does by itself whoever changes a value, the hashes are summed
 * where the rows are, and only rows without their like in the other lane are read. A legacy lane,
 * and a table that lacks the hashes or its primary key, is read row by row. The connection is
 * read-only from its first statement on, whatever its user may do.
 */
public final class Reconcile {
  /** How many differences are listed unless something else is asked for. */
  public static final int DEFAULT_LISTED = 1000;

  private final Database database;
  private final int listed;
  private final boolean everyRow;

  private Reconcile(Database database, int listed, boolean everyRow) {
    this.database = database;
    this.listed = listed;
    this.everyRow = everyRow;
  }

  /** Compares lanes in a database, whose user needs to read and no more. */
  public static Reconcile in(Database database) {
    return new Reconcile(database, DEFAULT_LISTED, false);
  }

  /** The same, listing the first {@code most} differences; they are counted beyond that. */
  public Reconcile listing(int most) {
    if (most < 0) {
      throw new IllegalArgumentException("cannot list " + most + " differences");
    }
    return new Reconcile(database, most, everyRow);
  }

  /** The same, reading every row of both lanes whatever the hashes say, which gives digests too. */
  public Reconcile readingEveryRow() {
    return new Reconcile(database, listed, true);
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
    Optional<HashedLanes> hashed = Optional.empty();
    if (!everyRow
        && left.recordsClosings()
        && right.recordsClosings()
        && RowHashes.keptBy(c, left.resultTable())) {
      HashedLanes lanes = new HashedLanes(c, left, right);
      lanes.read();
      known.addAll(lanes.windows().keySet());
      hashed = Optional.of(lanes);
    } else {
      addWindowsWithRows(c, left, known);
      addWindowsWithRows(c, right, known);
    }

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

    Merge merge = new Merge(left.resultTable(), new TreeMap<>(windows), listed);
    Comparison.Evidence evidence = Comparison.Evidence.ROW_HASHES;
    if (hashed.isEmpty() || !mergeSuspects(c, left, right, hashed.get(), merge, windows)) {
      evidence = Comparison.Evidence.EVERY_ROW;
      merge = new Merge(left.resultTable(), windows, listed);
      run(merge, c, left, right, parameters -> closedInBoth(left, right, parameters));
    }
    return Comparison.of(
        left.resultTable(),
        left.lane(),
        right.lane(),
        windows,
        notClosedLeft,
        notClosedRight,
        merge,
        evidence);
  }

  private static void run(
      Merge merge, Connection c, LaneTable left, LaneTable right, LaneCursor.Filter filter)
      throws SQLException {
    try (LaneCursor leftRows = LaneCursor.ordered(c, left, filter);
        LaneCursor rightRows = LaneCursor.ordered(c, right, filter)) {
      merge.run(leftRows, rightRows);
    }
  }

  /**
   * Reads the rows that may differ, and counts the others as equal, each with its like.
   *
   * @return whether this settles it; if not, every row has to be read
   */
  private static boolean mergeSuspects(
      Connection c,
      LaneTable left,
      LaneTable right,
      HashedLanes hashed,
      Merge merge,
      NavigableMap<EventWindow, WindowCounts> windows)
      throws SQLException {
    Optional<LaneCursor.Filter> suspects = hashed.suspects(windows::containsKey);
    if (suspects.isEmpty()) {
      return false;
    }
    if (hashed.haveWindowsThatDiffer()) {
      run(merge, c, left, right, suspects.get());
    }
    for (Map.Entry<EventWindow, WindowCounts> entry : windows.entrySet()) {
      WindowCounts all = hashed.windows().getOrDefault(entry.getKey(), WindowCounts.NONE);
      WindowCounts read = merge.windows().get(entry.getKey());
      long notRead = all.leftRows() - read.leftRows();
      if (notRead != all.rightRows() - read.rightRows()) {
        return false;
      }
      entry.setValue(read.plus(notRead, notRead, notRead));
    }
    return true;
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
          windows.add(lane.window(row, 1));
        }
      }
    }
  }
}
