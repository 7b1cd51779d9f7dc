package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares two lanes of a flow over the windows that both have closed: by key and window, with
 * multiplicity, column by column. A lane has closed every window within its span of event time,
 * rows or no rows, so that a window which one lane has and the other lacks is a difference.
 * Likewise one that a lane has closed without a row, if the other has rows there, though it may not
 * have closed it. Every other window is named with why it was not compared, and one that cannot be
 * judged keeps the lanes from being equal.
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
  private final Instant from;
  private final Instant to;

  private Reconcile(Database database, int listed, boolean everyRow, Instant from, Instant to) {
    this.database = database;
    this.listed = listed;
    this.everyRow = everyRow;
    this.from = from;
    this.to = to;
  }

  /** Compares lanes in a database, whose user needs to read and no more. */
  public static Reconcile in(Database database) {
    return new Reconcile(database, DEFAULT_LISTED, false, Instant.MIN, Instant.MAX);
  }

  /** The same, listing the first {@code most} differences; they are counted beyond that. */
  public Reconcile listing(int most) {
    if (most < 0) {
      throw new IllegalArgumentException("cannot list " + most + " differences");
    }
    return new Reconcile(database, most, everyRow, from, to);
  }

  /** The same, reading every row of both lanes whatever the hashes say, which gives digests too. */
  public Reconcile readingEveryRow() {
    return new Reconcile(database, listed, true, from, to);
  }

  /**
   * The same, over the windows that begin at an instant or later and end at another or earlier. It
   * is as if the lanes had no others.
   *
   * @throws IllegalArgumentException if there can be no such window
   */
  public Reconcile within(Optional<Instant> from, Optional<Instant> to) {
    Instant first = from.orElse(Instant.MIN);
    Instant last = to.orElse(Instant.MAX);
    if (!first.isBefore(last)) {
      throw new IllegalArgumentException("no window lies from " + first + " to " + last);
    }
    return new Reconcile(database, listed, everyRow, first, last);
  }

  private boolean isAskedFor(EventWindow window) {
    return !window.start().isBefore(from) && !window.end().isAfter(to);
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
    Optional<HashedLanes> hashed = Optional.empty();
    Side ofLeft;
    Side ofRight;
    if (!everyRow
        && left.recordsClosings()
        && right.recordsClosings()
        && RowHashes.keptBy(c, left.resultTable())) {
      HashedLanes lanes = new HashedLanes(c, left, right);
      lanes.read();
      ofLeft = Side.of(c, left, lanes.leftRows());
      ofRight = Side.of(c, right, lanes.rightRows());
      hashed = Optional.of(lanes);
    } else {
      ofLeft = Side.of(c, left, LaneRows.read(c, left));
      ofRight = Side.of(c, right, LaneRows.read(c, right));
    }
    NavigableMap<EventWindow, WindowCounts> windows = new TreeMap<>();
    NavigableMap<EventWindow, NotCompared> notCompared = new TreeMap<>();
    NavigableSet<EventWindow> known = ofLeft.windows();
    known.addAll(ofRight.windows());
    known.removeIf(window -> !isAskedFor(window));
    for (EventWindow window : known) {
      if (mayBeCompared(window, ofLeft, ofRight)) {
        windows.put(window, WindowCounts.NONE);
      } else {
        notCompared.put(
            window,
            new NotCompared(
                ofLeft.rowsIn(window).rows(),
                ofRight.rowsIn(window).rows(),
                ofLeft.state(window),
                ofRight.state(window)));
      }
    }

    Merge merge = new Merge(left.resultTable(), new TreeMap<>(windows), listed);
    Comparison.Evidence evidence = Comparison.Evidence.ROW_HASHES;
    if (hashed.isEmpty() || !mergeSuspects(c, left, right, hashed.get(), merge, windows)) {
      evidence = Comparison.Evidence.EVERY_ROW;
      merge = new Merge(left.resultTable(), windows, listed);
      run(merge, c, left, right, LaneCursor.inWindows(c, List.copyOf(windows.keySet())));
    }
    return Comparison.of(
        left.resultTable(), left.lane(), right.lane(), windows, notCompared, merge, evidence);
  }

  /** One of the lanes: in which windows it has rows, and what it has closed. */
  private record Side(Map<EventWindow, LaneRows> rows, ClosedTime closed) {
    static Side of(Connection c, LaneTable lane, Map<EventWindow, LaneRows> rows)
        throws SQLException {
      return new Side(rows, ClosedTime.read(c, lane, rows.keySet()));
    }

    NavigableSet<EventWindow> windows() {
      NavigableSet<EventWindow> windows = new TreeSet<>(rows.keySet());
      windows.addAll(closed.recorded());
      return windows;
    }

    LaneRows rowsIn(EventWindow window) {
      return rows.getOrDefault(window, LaneRows.NONE);
    }

    WindowState state(EventWindow window) {
      return closed.of(window, rowsIn(window));
    }

    boolean saysEmpty(EventWindow window) {
      return closed.saysEmpty(window, rowsIn(window));
    }

    boolean stillHolds(EventWindow window) {
      return closed.stillHolds(rowsIn(window));
    }
  }

  /**
   * Whether both lanes have closed a window. Of one that a lane says is empty, a row of the other
   * is enough to tell the two apart: a window that has a row never loses all of them, and need not
   * be closed.
   */
  private static boolean mayBeCompared(EventWindow window, Side left, Side right) {
    return (left.state(window) == WindowState.CLOSED && right.state(window) == WindowState.CLOSED)
        || (left.saysEmpty(window) && right.stillHolds(window))
        || (right.saysEmpty(window) && left.stillHolds(window));
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
}
