package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Finds the rows in which two lanes may differ by the {@link RowHashes} that their table keeps.
 * Rows are put into cells by their window and some bits of their hash, and each lane's hashes are
 * summed by cell: rows that both lanes have fall into the same cell and add the same to it. Where
 * the sums agree, every row has its like, but for a collision of 128 bits. Rows of other cells are
 * to be read.
 */
final class HashedLanes {
  /**
   * With fewer windows than this, each is divided, so that a difference does not concern it all.
   */
  private static final int FEWEST_CELLS = 1024;

  /** With more cells that differ it is as well to read everything. */
  private static final int MOST_CELLS = 10_000;

  /** With more rows without their like, all rows of their cells are read. */
  private static final int MOST_SUSPECTS = 100_000;

  private final Connection c;
  private final LaneTable left;
  private final LaneTable right;
  private final long mask;
  private final SortedMap<EventWindow, WindowCounts> windows = new TreeMap<>();
  private final List<Cell> cells = new ArrayList<>();

  /**
   * Sets two lanes of one table against each other.
   *
   * @param closed how many windows both have closed
   */
  HashedLanes(Connection c, LaneTable left, LaneTable right, int closed) {
    this.c = c;
    this.left = left;
    this.right = right;
    long parts = 1;
    while (parts * Math.max(closed, 1) < FEWEST_CELLS) {
      parts *= 2;
    }
    mask = parts - 1;
  }

  /** Rows of a window whose hashes share some bits. */
  private record Cell(EventWindow window, long bits) {}

  /** Reads all hashes once. No fetch size: the rows that come back are cells, not results. */
  void read() throws SQLException {
    String which = " FILTER (WHERE t.lane = ?)";
    // The complement of a hash is its negative less 1, and there is one of every hash.
    String sum = "sum(CASE t.lane WHEN ? THEN %s ELSE ~%1$s END) = -count(*)" + which;
    String sql =
        "SELECT t.window_start, t.window_end, "
            + bits()
            + ", count(*)"
            + which
            + ", count(*)"
            + which
            + ", "
            + String.format(sum, column(RowHashes.FIRST))
            + " AND "
            + String.format(sum, column(RowHashes.SECOND))
            + from()
            + " GROUP BY 1, 2, 3";
    // The planner takes the two bounds of a window for independent of each other, expects a
    // thousand times the cells that there are, and would sort all rows in one process.
    plan("SET LOCAL enable_sort = off", "SET LOCAL parallel_tuple_cost = 0");
    try (PreparedStatement statement = c.prepareStatement(sql)) {
      String l = left.lane();
      String r = right.lane();
      Sql.bind(statement, List.of(l, r, l, r, l, r, l, r));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          add(row);
        }
      }
    }
    plan("SET LOCAL enable_sort TO DEFAULT", "SET LOCAL parallel_tuple_cost TO DEFAULT");
  }

  private void add(ResultSet row) throws SQLException {
    EventWindow window = left.window(row, 1);
    long leftRows = row.getLong(4);
    long rightRows = row.getLong(5);
    boolean equal = leftRows == rightRows && row.getBoolean(6);
    windows.merge(
        window,
        new WindowCounts(leftRows, rightRows, equal ? leftRows : 0),
        (a, b) -> a.plus(b.leftRows(), b.rightRows(), b.equalRows()));
    if (!equal) {
      cells.add(new Cell(window, row.getLong(3)));
    }
  }

  /** All windows of which either lane has rows, closed or not; equal are those of equal cells. */
  SortedMap<EventWindow, WindowCounts> windows() {
    return windows;
  }

  /**
   * The condition on the rows to be read in both lanes: those of cells that differ, in windows that
   * are compared, which have not their like in the other lane. Empty if these are so many that all
   * rows are to be read.
   */
  Optional<LaneCursor.Filter> suspects(Predicate<EventWindow> compared) throws SQLException {
    cells.removeIf(cell -> !compared.test(cell.window()));
    if (cells.size() > MOST_CELLS) {
      return Optional.empty();
    }
    if (cells.isEmpty()) {
      return Optional.of(parameters -> "false");
    }
    List<Object> parameters = new ArrayList<>(List.of(left.lane(), right.lane()));
    String which = "count(*) FILTER (WHERE t.lane = ?)";
    String sql =
        "SELECT DISTINCT hash FROM (SELECT "
            + column(RowHashes.FIRST)
            + " AS hash"
            + from()
            + " AND "
            + inCells(parameters)
            + " GROUP BY "
            + column(RowHashes.FIRST)
            + ", "
            + column(RowHashes.SECOND)
            + " HAVING "
            + which
            + " <> "
            + which
            + ") AS unlike LIMIT "
            + (MOST_SUSPECTS + 1);
    parameters.add(left.lane());
    parameters.add(right.lane());
    List<Long> hashes = Sql.list(c, row -> row.getLong(1), sql, parameters.toArray());
    if (hashes.size() > MOST_SUSPECTS) {
      return Optional.of(this::inCells);
    }
    Object array = c.createArrayOf("bigint", hashes.toArray());
    return Optional.of(
        more -> {
          String inCells = inCells(more);
          more.add(array);
          return inCells + " AND " + column(RowHashes.FIRST) + " = ANY (?)";
        });
  }

  /** Whether there is anything to be read, after {@link #suspects}. */
  boolean haveCellsThatDiffer() {
    return !cells.isEmpty();
  }

  /** The first condition follows from the second, and lets the index on windows be used. */
  private String inCells(List<Object> parameters) {
    try {
      List<String> starts =
          cells.stream().map(cell -> cell.window().start().toString()).distinct().toList();
      parameters.add(Sql.array(c, starts));
      parameters.add(
          Sql.array(c, cells.stream().map(cell -> cell.window().start().toString()).toList()));
      parameters.add(
          Sql.array(c, cells.stream().map(cell -> cell.window().end().toString()).toList()));
      parameters.add(Sql.array(c, cells.stream().map(cell -> Long.toString(cell.bits())).toList()));
    } catch (SQLException e) {
      throw new IllegalStateException("the driver makes arrays of texts", e);
    }
    return "t.window_start = ANY (?::timestamptz[]) AND (t.window_start, t.window_end, "
        + bits()
        + ") IN (SELECT * FROM unnest(?::timestamptz[], ?::timestamptz[], ?::bigint[]))";
  }

  private String from() {
    ResultTable table = left.resultTable();
    return " FROM " + table.qualifiedName() + " AS t WHERE t.lane IN (?, ?) AND NOT t.tombstone";
  }

  private String bits() {
    return column(RowHashes.FIRST) + " & " + mask + "::bigint";
  }

  private static String column(String name) {
    return "t." + Sql.quote(name);
  }

  private void plan(String... settings) throws SQLException {
    try (Statement statement = c.createStatement()) {
      for (String setting : settings) {
        statement.execute(setting);
      }
    }
  }
}
