package dev.crossfade.migration;

import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The schema {@code crossfade} of a PostgreSQL database: one results table per flow, and beside it
 * the runs, the closed windows, the dead letters and the late records of every lane.
 *
 * <p>Every method is one transaction and leaves nothing half done. A store may be shared by
 * threads, which then take turns; it opens its connection again if the server closed it in between,
 * as it may over the days of a run. Whatever goes wrong comes as a {@link StoreException}.
 */
public final class Store implements AutoCloseable {
  /** The tables that are not a flow's, so that no flow may be called so. */
  private static final Set<String> RESERVED =
      Set.of("schema_versions", "runs", "closed_windows", "dead_letters", "late_records");

  /** The scripts that lead from nothing to today's schema, the one of version 1 first. */
  private static final List<String> SCRIPTS = List.of("schema-1.sql");

  /** Any number would do, if only every caller takes the same one. */
  private static final long PREPARE_LOCK = 0x63726f7373666164L;

  private final Database database;
  private Connection connection;

  private Store(Database database) {
    this.database = database;
  }

  /**
   * Connects to a database. Nothing is created before {@link #prepare}.
   *
   * @throws StoreException if the database cannot be entered
   */
  public static Store open(Database database) {
    Store store = new Store(database);
    try {
      store.connection = database.connect();
    } catch (SQLException e) {
      throw StoreException.of(database, "opening the store", e);
    }
    return store;
  }

  /** Connects to a database that a URL, a user and a password name. */
  public static Store open(String url, String user, String password) {
    return open(Database.at(url, user, password));
  }

  /**
   * Creates what a flow's runs need and what is not there yet. Any number of callers may do so at
   * once. If all is there, it takes no more than the right to read.
   *
   * @throws StoreException if a table of the flow's name is there and has another shape; the
   *     message names every deviation. Such a table is left as it is.
   */
  public void prepare(ResultTable table) {
    if (RESERVED.contains(table.name())) {
      throw new StoreException(
          "a flow cannot be called '"
              + table.flow()
              + "': "
              + table.qualifiedName()
              + " is a table of the store; give the flow another name");
    }
    transaction(
        "preparing flow '" + table.flow() + "'",
        c -> {
          try (Statement statement = c.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '60s'");
            statement.execute("SELECT pg_advisory_xact_lock(" + PREPARE_LOCK + ")");
            applyScripts(c, statement);
            if (TableShape.read(c, ResultTable.SCHEMA, table.name()).isEmpty()) {
              statement.execute(createTable(table));
            }
          }
          List<Deviation> deviations =
              TableShape.read(c, ResultTable.SCHEMA, table.name())
                  .orElseThrow()
                  .deviationsForWriting(table);
          if (!deviations.isEmpty()) {
            throw StoreException.shape(
                table.qualifiedName(),
                deviations,
                "Alter the table so that it fits, or rename it and run again, which creates a new"
                    + " one and computes the lanes from the start.");
          }
          return null;
        });
  }

  private void applyScripts(Connection c, Statement statement) throws SQLException {
    // CREATE SCHEMA IF NOT EXISTS asks for the right to create even if there is nothing to create.
    if (TableShape.read(c, ResultTable.SCHEMA, "schema_versions").isEmpty()) {
      boolean schemaMissing;
      try (ResultSet row = statement.executeQuery("SELECT to_regnamespace('crossfade') IS NULL")) {
        row.next();
        schemaMissing = row.getBoolean(1);
      }
      if (schemaMissing) {
        statement.execute("CREATE SCHEMA crossfade");
      }
      statement.execute(
          """
          CREATE TABLE crossfade.schema_versions (
            version int PRIMARY KEY,
            applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
          )
          """);
    }
    int applied;
    try (ResultSet row =
        statement.executeQuery("SELECT coalesce(max(version), 0) FROM crossfade.schema_versions")) {
      row.next();
      applied = row.getInt(1);
    }
    if (applied > SCRIPTS.size()) {
      throw new StoreException(
          "the schema crossfade at "
              + database
              + " has version "
              + applied
              + ", and this Crossfade knows versions up to "
              + SCRIPTS.size()
              + "; use the newer Crossfade that prepared it");
    }
    for (int version = applied + 1; version <= SCRIPTS.size(); version++) {
      statement.execute(script(SCRIPTS.get(version - 1)));
      statement.execute("INSERT INTO crossfade.schema_versions (version) VALUES (" + version + ")");
    }
  }

  private static String script(String name) {
    try (InputStream in = Store.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String createTable(ResultTable table) {
    StringBuilder sql = new StringBuilder("CREATE TABLE " + table.qualifiedName() + " (\n");
    for (Column column : table.columns().columns()) {
      sql.append("  ").append(Sql.quote(column.name())).append(' ').append(column.sqlType());
      sql.append(TableShape.sortsByBytes(table, column) ? " COLLATE \"C\"" : "");
      sql.append(TableShape.mayBeNull(table, column) ? ",\n" : " NOT NULL,\n");
    }
    sql.append("  PRIMARY KEY (");
    sql.append(String.join(", ", TableShape.primaryKey(table).stream().map(Sql::quote).toList()));
    return sql.append(")\n)").toString();
  }

  /**
   * Records that a run of a lane begins. What earlier runs of the lane have closed is open again:
   * the run is about to replace it, and until it has closed a window, the window may hold rows of
   * both.
   *
   * @return the run's number, greater than that of every run before
   */
  public long beginRun(String flow, String lane, String runner) {
    return transaction(
        "beginning a run",
        c -> {
          update(c, "DELETE FROM crossfade.closed_windows WHERE flow = ? AND lane = ?", flow, lane);
          return number(
              c,
              "INSERT INTO crossfade.runs (flow, lane, runner) VALUES (?, ?, ?) RETURNING run",
              flow,
              lane,
              runner);
        });
  }

  /**
   * Records how a run ended.
   *
   * @param outcome one word for how
   * @param countsJson what it counted, as JSON, or null
   * @throws StoreException if there is no such run or if it has ended before
   */
  public void endRun(long run, String outcome, String countsJson) {
    long ended =
        transaction(
            "ending run " + run,
            c ->
                update(
                    c,
                    """
                    UPDATE crossfade.runs
                    SET ended_at = clock_timestamp(), outcome = ?, counts = ?::jsonb
                    WHERE run = ? AND ended_at IS NULL
                    """,
                    outcome,
                    countsJson,
                    run));
    if (ended == 0) {
      throw new StoreException("run " + run + " is not under way: unknown, or ended before");
    }
  }

  /** The windows that a lane has closed, in order. */
  public NavigableSet<EventWindow> closedWindows(String flow, String lane) {
    return transaction("reading closed windows", c -> closedWindows(c, flow, lane));
  }

  /** The windows that a lane has closed, in order, and when it recorded that. */
  public NavigableMap<EventWindow, Instant> closings(String flow, String lane) {
    return transaction(
        "reading closings",
        c -> {
          NavigableMap<EventWindow, Instant> closings = new TreeMap<>();
          try (PreparedStatement statement =
              c.prepareStatement(
                  "SELECT window_start, window_end, closed_at FROM crossfade.closed_windows"
                      + " WHERE flow = ? AND lane = ?")) {
            Sql.bind(statement, List.of(flow, lane));
            try (ResultSet row = statement.executeQuery()) {
              while (row.next()) {
                closings.put(Sql.window(row, 1), Sql.instant(row, 3));
              }
            }
          }
          return closings;
        });
  }

  /** The first rows of a lane in a window, by key: each as its columns' values by name. */
  public List<Map<String, String>> rows(LaneTable lane, EventWindow window, int most) {
    return transaction(
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

  static NavigableSet<EventWindow> closedWindows(Connection c, String flow, String lane)
      throws SQLException {
    NavigableSet<EventWindow> windows = new TreeSet<>();
    try (PreparedStatement statement =
        c.prepareStatement(
            "SELECT window_start, window_end FROM crossfade.closed_windows"
                + " WHERE flow = ? AND lane = ?")) {
      Sql.bind(statement, List.of(flow, lane));
      statement.setFetchSize(10_000);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          windows.add(Sql.window(row, 1));
        }
      }
    }
    return windows;
  }

  /** Takes everything that a lane of a flow has written out of the store, but for its runs. */
  public Removed clearLane(ResultTable table, String lane) {
    return remove(table, lane, Long.MAX_VALUE, "clearing lane '" + lane + "'");
  }

  /** Takes what the runs of a lane before a run have written out of the store. */
  public Removed removeOlderRuns(ResultTable table, String lane, long run) {
    return remove(table, lane, run, "removing runs of lane '" + lane + "' before run " + run);
  }

  private Removed remove(ResultTable table, String lane, long beforeRun, String doing) {
    String ofFlow = " WHERE flow = ? AND lane = ? AND run < ?";
    return transaction(
        doing,
        c ->
            new Removed(
                update(
                    c,
                    "DELETE FROM " + table.qualifiedName() + " WHERE lane = ? AND run < ?",
                    lane,
                    beforeRun),
                update(
                    c,
                    "DELETE FROM crossfade.closed_windows" + ofFlow,
                    table.flow(),
                    lane,
                    beforeRun),
                update(
                    c,
                    "DELETE FROM crossfade.dead_letters" + ofFlow,
                    table.flow(),
                    lane,
                    beforeRun),
                update(
                    c,
                    "DELETE FROM crossfade.late_records" + ofFlow,
                    table.flow(),
                    lane,
                    beforeRun)));
  }

  /** Where each lane of a flow stands, by the lane's name; all from one snapshot. */
  public List<LaneStatus> laneStatus(ResultTable table) {
    return snapshot(
        "reading the status of flow '" + table.flow() + "'",
        c -> {
          List<LaneStatus> lanes = new ArrayList<>();
          for (String lane : lanes(c, table)) {
            lanes.add(laneStatus(c, table, lane));
          }
          return Collections.unmodifiableList(lanes);
        });
  }

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
    return lanes;
  }

  private static LaneStatus laneStatus(Connection c, ResultTable table, String lane)
      throws SQLException {
    String rows = " FROM " + table.qualifiedName() + " WHERE lane = ? AND NOT tombstone";
    String ofFlow = " WHERE flow = ? AND lane = ?";
    return new LaneStatus(
        lane,
        number(c, "SELECT count(*)" + rows, lane),
        number(
            c,
            "SELECT count(*) FROM (SELECT DISTINCT window_start, window_end" + rows + ") AS w",
            lane),
        number(c, "SELECT count(*) FROM crossfade.closed_windows" + ofFlow, table.flow(), lane),
        number(c, "SELECT count(*) FROM crossfade.dead_letters" + ofFlow, table.flow(), lane),
        number(c, "SELECT count(*) FROM crossfade.late_records" + ofFlow, table.flow(), lane),
        lastRun(c, table.flow(), lane));
  }

  private static Optional<RunStatus> lastRun(Connection c, String flow, String lane)
      throws SQLException {
    try (PreparedStatement statement =
        c.prepareStatement(
            """
            SELECT run, runner, started_at, ended_at, outcome, counts
            FROM crossfade.runs WHERE flow = ? AND lane = ? ORDER BY run DESC LIMIT 1
            """)) {
      Sql.bind(statement, List.of(flow, lane));
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        Instant ended = Sql.instant(row, 4);
        return Optional.of(
            new RunStatus(
                row.getLong(1),
                row.getString(2),
                Sql.instant(row, 3),
                Optional.ofNullable(ended),
                Optional.ofNullable(row.getString(5)),
                Optional.ofNullable(row.getString(6))));
      }
    }
  }

  /** The digest of all that a lane holds, whether its windows are closed or not. */
  public LaneDigest digest(LaneTable lane) {
    return snapshot(
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

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw StoreException.of(database, "closing the store", e);
    }
  }

  private <T> T transaction(String doing, Work<T> work) {
    return run(doing, Connection.TRANSACTION_READ_COMMITTED, false, work);
  }

  private <T> T snapshot(String doing, Work<T> work) {
    return run(doing, Connection.TRANSACTION_REPEATABLE_READ, true, work);
  }

  private synchronized <T> T run(String doing, int isolation, boolean readOnly, Work<T> work) {
    try {
      if (!connection.isValid(10)) {
        connection.close();
        connection = database.connect();
      }
      connection.setReadOnly(readOnly);
      connection.setTransactionIsolation(isolation);
      return Work.inTransaction(connection, work);
    } catch (SQLException e) {
      throw StoreException.of(database, doing, e);
    }
  }

  private static long number(Connection c, String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = c.prepareStatement(sql)) {
      Sql.bind(statement, List.of(parameters));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static long update(Connection c, String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = c.prepareStatement(sql)) {
      Sql.bind(statement, Arrays.asList(parameters));
      return statement.executeLargeUpdate();
    }
  }
}
