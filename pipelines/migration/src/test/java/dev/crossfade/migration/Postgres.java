package dev.crossfade.migration;

import dev.crossfade.sandbox.PostgresServer;
import dev.crossfade.sandbox.SandboxException;
import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * One real server for all tests of this JVM, and a database of its own for each test that asks.
 * Passwords are checked: a server that trusts everybody could not refuse a wrong one.
 */
final class Postgres implements AutoCloseable {
  static final String PASSWORD = "a secret that no message may hold";

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final String name;
  private final Connection connection;

  /** The server starts with the first database, and ends with the JVM. */
  private static final class Server {
    static final PostgresServer RUNNING = start();

    private static PostgresServer start() {
      try {
        PostgresServer server =
            PostgresServer.open(
                Files.createTempDirectory(Path.of("target").toAbsolutePath(), "postgres"),
                progress -> {});
        try (Connection c = connect(server);
            Statement statement = c.createStatement()) {
          statement.execute(
              "CREATE ROLE owner LOGIN CREATEDB CREATEROLE PASSWORD '" + PASSWORD + "'");
          statement.execute("CREATE ROLE stranger LOGIN PASSWORD '" + PASSWORD + "'");
        }
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (SQLException | SandboxException e) {
        throw new IllegalStateException(e);
      }
    }

    static Connection connect(PostgresServer server) throws SQLException {
      return DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
    }
  }

  private Postgres(String name) throws SQLException {
    this.name = name;
    connection = DriverManager.getConnection(url(), "owner", PASSWORD);
  }

  /** A new, empty database. */
  static Postgres database() {
    return database("ENCODING 'UTF8' TEMPLATE template0");
  }

  static Postgres database(String how) {
    String name = "test_" + DATABASES.incrementAndGet();
    try (Connection c = Server.connect(Server.RUNNING);
        Statement statement = c.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " OWNER owner " + how);
      return new Postgres(name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  String name() {
    return name;
  }

  int port() {
    return java.net.URI.create(Server.RUNNING.jdbcUrl().substring("jdbc:".length())).getPort();
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + name;
  }

  Database asOwner() {
    return Database.at(url(), "owner", PASSWORD);
  }

  Database as(String user) {
    return Database.at(url(), user, PASSWORD);
  }

  /** Does by hand what somebody might do. */
  int sql(String sql, Object... parameters) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Sql.bind(statement, Arrays.asList(parameters));
      statement.execute();
      return statement.getUpdateCount();
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The number that a query gives. */
  long number(String sql) {
    try {
      return Sql.number(connection, sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The texts that a query gives. */
  List<String> texts(String sql) {
    try {
      return Sql.list(connection, row -> row.getString(1), sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Asks until a query says yes. */
  void await(String sql) {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    try {
      while (!Sql.test(connection, sql)) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("did not come true: " + sql);
        }
        Thread.onSpinWait();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Writes one row into a lane of a results table. */
  void row(ResultTable table, String lane, EventWindow window, List<?> key, List<?> values) {
    row(table, lane, window, key, values, 1, false);
  }

  void row(
      ResultTable table,
      String lane,
      EventWindow window,
      List<?> key,
      List<?> values,
      long run,
      boolean tombstone) {
    List<Object> parameters = new ArrayList<>();
    parameters.add(lane);
    parameters.addAll(key);
    parameters.add(window.start());
    parameters.add(window.end());
    parameters.addAll(values);
    parameters.addAll(List.of(1L, 0L, tombstone, run));
    insert(table.qualifiedName(), table.columns().columns(), parameters);
  }

  private void insert(String table, List<Column> columns, List<Object> parameters) {
    String names = columns.stream().map(c -> Sql.quote(c.name())).collect(Collectors.joining(", "));
    String marks = columns.stream().map(c -> "?").collect(Collectors.joining(", "));
    sql("INSERT INTO " + table + " (" + names + ") VALUES (" + marks + ")", parameters.toArray());
  }

  /** Enters a run of a stream, which read its topic from the beginning. */
  void stream(ResultTable table, String lane, long run, String outcome) {
    run(table, lane, run, false, outcome, null);
    input(table, lane, run, 0);
  }

  /**
   * Enters a run over bounded input that is in place, and what its input covers if that is known.
   */
  void batch(ResultTable table, String lane, long run, EventWindow covers) {
    run(table, lane, run, true, StoredRun.SUCCEEDED, covers);
  }

  private void run(
      ResultTable table,
      String lane,
      long run,
      boolean staged,
      String outcome,
      EventWindow covers) {
    sql(
        "INSERT INTO crossfade.runs (run, flow, lane, runner, staged, ended_at, outcome,"
            + " put_in_place_at, covers_from, covers_to) OVERRIDING SYSTEM VALUE VALUES"
            + " (?, ?, ?, 'flink', ?, CASE WHEN ? THEN now() END, ?, CASE WHEN ? THEN now() END,"
            + " ?::timestamptz, ?::timestamptz)",
        run,
        table.flow(),
        lane,
        staged,
        outcome != null,
        outcome,
        staged,
        covers == null ? null : covers.start(),
        covers == null ? null : covers.end());
  }

  /** Enters the position at which a partition began when a run of a stream did. */
  void input(ResultTable table, String lane, long run, long firstPosition) {
    sql(
        "INSERT INTO crossfade.inputs (flow, lane, run, source, identity, first_position)"
            + " VALUES (?, ?, ?, ?, 'id', ?)",
        table.flow(),
        lane,
        run,
        "topic[" + firstPosition + "]",
        firstPosition);
  }

  /** Records that a lane has closed windows. */
  void close(ResultTable table, String lane, EventWindow... windows) {
    close(table, lane, 1, windows);
  }

  /** Records that a run has closed windows of a lane. */
  void close(ResultTable table, String lane, long run, EventWindow... windows) {
    for (EventWindow window : windows) {
      sql(
          "INSERT INTO crossfade.closed_windows (flow, lane, window_start, window_end, run)"
              + " VALUES (?, ?, ?, ?, ?)",
          table.flow(),
          lane,
          window.start(),
          window.end(),
          run);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
