package dev.crossfade.io;

import dev.crossfade.sandbox.PostgresServer;
import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a test says to PostgreSQL. */
public final class Sql {
  private Sql() {}

  /** Executes statements. */
  public static void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The rows of a query, each as its columns' texts with a bar between them. */
  public static List<String> query(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> lines = new ArrayList<>();
      while (rows.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          values.add(rows.getString(i));
        }
        lines.add(String.join("|", values));
      }
      return lines;
    }
  }

  /** Makes the store's tables anew: that of a flow's results and those beside it. */
  public static void createStore(ResultTable table) throws SQLException {
    execute(
        "DROP SCHEMA IF EXISTS crossfade CASCADE",
        "CREATE SCHEMA crossfade",
        "CREATE TABLE crossfade.runs (run bigint PRIMARY KEY, attempts int NOT NULL DEFAULT 1,"
            + " ended_at timestamptz, stop_requested text)",
        "INSERT INTO crossfade.runs (run) SELECT generate_series(1, 20)",
        // What a writer needs of the store's own, which the store's tests are about.
        "CREATE FUNCTION crossfade.fence(of_run bigint, of_attempt int) RETURNS void"
            + " LANGUAGE plpgsql AS $$ BEGIN"
            + " PERFORM pg_advisory_xact_lock_shared(of_run);"
            + " IF NOT EXISTS (SELECT FROM crossfade.runs WHERE run = of_run"
            + " AND attempts = of_attempt AND ended_at IS NULL) THEN"
            + " RAISE 'run % is gone', of_run USING ERRCODE = 'ZR001'; END IF; END $$",
        "CREATE TABLE crossfade.closed_windows (flow text, lane text, window_start timestamptz,"
            + " window_end timestamptz, run bigint NOT NULL,"
            + " closed_at timestamptz NOT NULL DEFAULT clock_timestamp(),"
            + " PRIMARY KEY (flow, lane, window_start, window_end))",
        "CREATE TABLE crossfade.dead_letters (flow text, lane text, origin text, step text NOT"
            + " NULL, cause text NOT NULL, message text, bytes bytea, event_time timestamptz, run"
            + " bigint NOT NULL, window_start timestamptz, window_end timestamptz, retryable boolean"
            + " NOT NULL, logic text, attempts int NOT NULL DEFAULT 1, first_run bigint NOT NULL,"
            + " first_seen timestamptz NOT NULL, last_seen timestamptz NOT NULL, status text NOT"
            + " NULL DEFAULT 'OPEN', resolved_by bigint, resolved_reason text, resolved_at"
            + " timestamptz, PRIMARY KEY (flow, lane, origin))",
        "CREATE TABLE crossfade.late_records (flow text, lane text, origin text, event_time"
            + " timestamptz NOT NULL, window_start timestamptz NOT NULL, window_end timestamptz NOT"
            + " NULL, behind_millis bigint NOT NULL, bytes bytea, run bigint NOT NULL, restated_by"
            + " bigint, PRIMARY KEY (flow, lane, origin))",
        "CREATE TABLE crossfade.origin_ledger (flow text, lane text, run bigint, source text,"
            + " decoded bigint NOT NULL, outside bigint NOT NULL, undecodable bigint NOT NULL,"
            + " without_content bigint NOT NULL, next_position bigint NOT NULL, PRIMARY KEY (flow,"
            + " lane, run, source))",
        "CREATE TABLE crossfade.window_ledger (flow text, lane text, run bigint, window_start"
            + " timestamptz, window_end timestamptz NOT NULL, decoded bigint NOT NULL, filtered"
            + " bigint NOT NULL, PRIMARY KEY (flow, lane, run, window_start))",
        "CREATE TABLE crossfade.window_sources (flow text, lane text, run bigint, window_start"
            + " timestamptz, window_end timestamptz NOT NULL, source text, first_position bigint NOT"
            + " NULL, last_position bigint NOT NULL, events bigint NOT NULL, PRIMARY KEY (flow, lane,"
            + " run, window_start, source))",
        "CREATE TABLE crossfade.conflicts (flow text, lane text, run bigint, window_start"
            + " timestamptz, window_end timestamptz NOT NULL, key text, id text, content text,"
            + " PRIMARY KEY (flow, lane, run, window_start, key, id, content))",
        "CREATE TABLE crossfade.idle_advances (flow text, lane text, run bigint, source text,"
            + " at_position bigint, watermark bigint, recorded_at timestamptz NOT NULL DEFAULT"
            + " clock_timestamp(), PRIMARY KEY (flow, lane, run, source, at_position, watermark))",
        "CREATE TABLE crossfade.frontiers (flow text, lane text, run bigint, closed_to timestamptz"
            + " NOT NULL, recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY"
            + " (flow, lane, run))",
        "CREATE TABLE "
            + table.qualifiedName()
            + " ("
            + table.columns().columns().stream()
                .map(column -> quote(column) + " " + column.sqlType())
                .collect(Collectors.joining(", "))
            + ", PRIMARY KEY (lane, "
            + table.address().columns().stream().map(Sql::quote).collect(Collectors.joining(", "))
            + "))");
  }

  private static String quote(Column column) {
    return '"' + column.name() + '"';
  }

  /** A connection to the tests' database. */
  public static Connection connect() throws SQLException {
    PostgresServer server = Servers.postgresServer();
    return DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
  }
}
