package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Finds the rows in which two lanes may differ by the {@link RowHashes} that their table keeps.
 * Each lane's hashes are summed by window, to which a row that both lanes have adds the same twice.
 * Where the sums agree, every row has its like, but for a collision of 128 bits. The rows of other
 * windows are set against each other by their hashes, and those without their like are to be read.
 */
final class HashedLanes {
  /** With more windows that differ it is as well to read everything. */
  private static final int MOST_WINDOWS = 10_000;

  /** With more rows without their like, all rows of their windows are read. */
  private static final int MOST_SUSPECTS = 100_000;

  private final Connection c;
  private final LaneTable left;
  private final LaneTable right;
  private final SortedMap<EventWindow, WindowCounts> windows = new TreeMap<>();
  private final Map<EventWindow, Sum> leftSums = new HashMap<>();
  private final Map<EventWindow, Sum> rightSums = new HashMap<>();
  private final SortedSet<EventWindow> unlike = new TreeSet<>();

  /** Sets two lanes of one table against each other, in a transaction that sees one snapshot. */
  HashedLanes(Connection c, LaneTable left, LaneTable right) {
    this.c = c;
    this.left = left;
    this.right = right;
  }

  /** What the rows of one lane in one window come to. */
  private record Sum(LaneRows rows, BigDecimal first, BigDecimal second) {
    /** Whether these are as many rows as others, with the same hashes. */
    boolean isLike(Sum other) {
      return rows.rows() == other.rows.rows()
          && first.compareTo(other.first) == 0
          && second.compareTo(other.second) == 0;
    }
  }

  /** A row that the other lane has not: where it is in the table, and its hash. */
  private record Suspect(String place, long hash) {}

  /**
   * Reads all hashes once. PostgreSQL takes the two bounds of a window for independent of each
   * other. By both it expects a thousand times the groups that there are, and adds up in one
   * process, where by the start each process adds up what it reads. Windows of one lane that start
   * together and end apart are rare enough to be read by themselves.
   */
  void read() throws SQLException {
    try (Statement statement = c.createStatement()) {
      // Enough for as many windows as a flow may have, and for the hashes of some of them.
      statement.execute("SET LOCAL work_mem = '64MB'");
    }
    SortedSet<Instant> several = new TreeSet<>();
    sum("", "", List.of(), several);
    if (!several.isEmpty()) {
      leftSums.keySet().removeIf(window -> several.contains(window.start()));
      rightSums.keySet().removeIf(window -> several.contains(window.start()));
      String which = " AND t.window_start = ANY (?::timestamptz[])";
      List<Object> starts = List.of(Sql.array(c, texts(several)));
      sum(which, ", t.window_end", starts, new TreeSet<>());
    }
    SortedSet<EventWindow> all = new TreeSet<>(leftSums.keySet());
    all.addAll(rightSums.keySet());
    for (EventWindow window : all) {
      Sum l = leftSums.get(window);
      Sum r = rightSums.get(window);
      boolean equal = l != null && r != null && l.isLike(r);
      long leftRows = l == null ? 0 : l.rows().rows();
      long rightRows = r == null ? 0 : r.rows().rows();
      windows.put(window, new WindowCounts(leftRows, rightRows, equal ? leftRows : 0));
      if (!equal) {
        unlike.add(window);
      }
    }
  }

  // No fetch size: what comes back are windows, not rows, and no cursor is read by many processes.
  private void sum(String which, String by, List<Object> more, SortedSet<Instant> several)
      throws SQLException {
    String sql =
        "SELECT t.window_start, min(t.window_end), t.lane, count(*), sum("
            + column(RowHashes.FIRST)
            + "), sum("
            + column(RowHashes.SECOND)
            + "), max(t.window_end) <> min(t.window_end), min(t.run) FROM "
            + left.resultTable().qualifiedName()
            + " AS t WHERE t.lane IN (?, ?) AND NOT t.tombstone"
            + which
            + " GROUP BY t.window_start, t.lane"
            + by;
    List<Object> parameters = new ArrayList<>(List.of(left.lane(), right.lane()));
    parameters.addAll(more);
    try (PreparedStatement statement = c.prepareStatement(sql)) {
      Sql.bind(statement, parameters);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          EventWindow window = left.window(row, 1);
          (row.getString(3).equals(left.lane()) ? leftSums : rightSums)
              .put(
                  window,
                  new Sum(
                      new LaneRows(row.getLong(4), row.getLong(8)),
                      row.getBigDecimal(5),
                      row.getBigDecimal(6)));
          if (row.getBoolean(7)) {
            several.add(window.start());
          }
        }
      }
    }
  }

  /** All windows of which either lane has rows, closed or not; equal are those whose sums agree. */
  SortedMap<EventWindow, WindowCounts> windows() {
    return windows;
  }

  /** The windows in which the left lane has rows. */
  Map<EventWindow, LaneRows> leftRows() {
    return rows(leftSums);
  }

  /** The windows in which the right lane has rows. */
  Map<EventWindow, LaneRows> rightRows() {
    return rows(rightSums);
  }

  private static Map<EventWindow, LaneRows> rows(Map<EventWindow, Sum> sums) {
    Map<EventWindow, LaneRows> rows = new HashMap<>();
    sums.forEach((window, sum) -> rows.put(window, sum.rows()));
    return rows;
  }

  /**
   * The condition on the rows to be read in both lanes: those of windows that differ and are
   * compared, which have not their like in the other lane. Empty if these are so many that all rows
   * are to be read.
   */
  Optional<LaneCursor.Filter> suspects(Predicate<EventWindow> compared) throws SQLException {
    unlike.removeIf(window -> !compared.test(window));
    if (unlike.size() > MOST_WINDOWS) {
      return Optional.empty();
    }
    if (unlike.isEmpty()) {
      return Optional.of(parameters -> "false");
    }
    List<Suspect> suspects = withoutTheirLike();
    if (suspects.size() > MOST_SUSPECTS) {
      return Optional.of(this::inWindows);
    }
    Object places = Sql.array(c, suspects.stream().map(Suspect::place).toList());
    Object hashes = c.createArrayOf("bigint", suspects.stream().map(Suspect::hash).toArray());
    return Optional.of(
        parameters -> {
          String inWindows = inWindows(parameters);
          parameters.add(places);
          parameters.add(hashes);
          // Partitions, if somebody has made some, count their places each for itself.
          return inWindows
              + " AND t.ctid = ANY (?::tid[]) AND "
              + column(RowHashes.FIRST)
              + " = ANY (?)";
        });
  }

  /** Whether there is anything to be read, after {@link #suspects}. */
  boolean haveWindowsThatDiffer() {
    return !unlike.isEmpty();
  }

  private List<Suspect> withoutTheirLike() throws SQLException {
    List<Object> parameters = new ArrayList<>();
    String sql =
        "SELECT coalesce(l.place, r.place), coalesce(l.first, r.first) FROM "
            + hashes(left, parameters)
            + " AS l FULL JOIN "
            + hashes(right, parameters)
            + " AS r ON l.first = r.first AND l.second = r.second"
            + " WHERE l.first IS NULL OR r.first IS NULL LIMIT "
            + (MOST_SUSPECTS + 1);
    List<Suspect> suspects = new ArrayList<>();
    // No fetch size here either.
    try (PreparedStatement statement = c.prepareStatement(sql)) {
      Sql.bind(statement, parameters);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          suspects.add(new Suspect(row.getString(1), row.getLong(2)));
        }
      }
    }
    return suspects;
  }

  /** The hashes of a lane in the windows that differ. */
  private String hashes(LaneTable lane, List<Object> parameters) throws SQLException {
    String from = lane.from(parameters);
    parameters.add(Sql.array(c, texts(unlike.stream().map(EventWindow::start).toList())));
    return "(SELECT t.ctid AS place, "
        + column(RowHashes.FIRST)
        + " AS first, "
        + column(RowHashes.SECOND)
        + " AS second"
        + from
        + " AND t.window_start = ANY (?::timestamptz[]))";
  }

  /** The first condition follows from the second, and lets the index on windows be used. */
  private String inWindows(List<Object> parameters) {
    try {
      Object starts = Sql.array(c, texts(unlike.stream().map(EventWindow::start).toList()));
      parameters.add(starts);
      parameters.add(starts);
      parameters.add(Sql.array(c, texts(unlike.stream().map(EventWindow::end).toList())));
    } catch (SQLException e) {
      throw new IllegalStateException("the driver makes arrays of texts", e);
    }
    return "t.window_start = ANY (?::timestamptz[]) AND (t.window_start, t.window_end)"
        + " IN (SELECT * FROM unnest(?::timestamptz[], ?::timestamptz[]))";
  }

  private static List<String> texts(Collection<Instant> instants) {
    return instants.stream().map(Sql::text).toList();
  }

  private static String column(String name) {
    return "t." + Sql.quote(name);
  }
}
