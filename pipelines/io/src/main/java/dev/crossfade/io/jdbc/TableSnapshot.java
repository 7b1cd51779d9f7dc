package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.records.SourceRange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instant at which a table is read, and what the table holds then.
 *
 * <p>On PostgreSQL it is a transaction that has exported its snapshot, which every reader of the
 * table takes up, in whatever process it is. The rows are counted in the same snapshot. It lasts as
 * long as this object and its connection; whoever runs a pipeline over it keeps it open until the
 * pipeline has ended, and then asks {@link #loss} whether it was there to the end. When the process
 * is killed the transaction goes with it, and nothing is left behind.
 *
 * <p>Other databases have no such thing: the rows are counted before, and each part is read in a
 * transaction of its own, so that the table must not change meanwhile.
 */
public final class TableSnapshot implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TableSnapshot.class);

  /** So often it is made sure that the connection is there. */
  private static final Duration BEAT = Duration.ofSeconds(2);

  /** A server that is silent for so long is as good as away. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

  private final SourceTable table;
  private final TablePlan plan;
  private final Connection connection;
  private final ScheduledExecutorService beats;
  private String loss;

  private TableSnapshot(SourceTable table, TablePlan plan, Connection connection) {
    this.table = table;
    this.plan = plan;
    this.connection = connection;
    this.beats =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "crossfade-snapshot");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Takes a snapshot, counts the rows and plans how they are read.
   *
   * @throws SQLException if the database cannot be reached, or the table cannot be read
   * @throws IllegalArgumentException if the table cannot be divided by the column
   */
  public static TableSnapshot take(SourceTable table) throws SQLException {
    Connection connection = table.database().connect();
    try {
      connection.setAutoCommit(false);
      if (!PostgresTransactions.isPostgres(table.database())) {
        connection.setReadOnly(true);
        TablePlan plan = new TablePlanner(connection, table).planElsewhere();
        connection.rollback();
        connection.close();
        return new TableSnapshot(table, plan, null);
      }
      TablePlan plan = plan(connection, table);
      TableSnapshot snapshot = new TableSnapshot(table, plan, connection);
      // What goes wrong is kept by the beat itself.
      ScheduledFuture<?> unused =
          snapshot.beats.scheduleWithFixedDelay(
              snapshot::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
      return snapshot;
    } catch (SQLException | RuntimeException e) {
      Database.closeAfter(e, connection);
      throw e;
    }
  }

  private static TablePlan plan(Connection connection, SourceTable table) throws SQLException {
    PostgresTransactions.beginReading(connection);
    String snapshot;
    try (Statement statement = connection.createStatement()) {
      // So that the server finds out within two minutes that this machine is gone.
      statement.execute("SET LOCAL tcp_keepalives_idle = 60");
      statement.execute("SET LOCAL tcp_keepalives_interval = 10");
      statement.execute("SET LOCAL tcp_keepalives_count = 6");
      try (ResultSet row = statement.executeQuery("SELECT pg_export_snapshot()")) {
        row.next();
        snapshot = row.getString(1);
      }
    }
    TablePlan plan = new TablePlanner(connection, table).planAt(snapshot);
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(LONGEST_SILENCE.toMillis()));
    return plan;
  }

  /** The table. */
  public SourceTable table() {
    return table;
  }

  TablePlan plan() {
    return plan;
  }

  /** What the table holds. */
  public SourceRange range() {
    return plan.range();
  }

  /** Why the snapshot is gone; empty while it is there. */
  public synchronized Optional<String> loss() {
    beat();
    return Optional.ofNullable(loss);
  }

  /**
   * Says something in the transaction, which also keeps those from cutting it who cut what rests.
   */
  private synchronized void beat() {
    if (connection == null || loss != null || beats.isShutdown()) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      boolean unused = statement.execute("SELECT 1");
    } catch (SQLException e) {
      loss =
          "the snapshot that all parts of "
              + table.name()
              + " are read in is gone: the connection to "
              + table.database()
              + " that held it broke: "
              + e.getMessage();
      LOG.warn("{}", loss);
    }
  }

  /** Lets the snapshot go. */
  @Override
  public synchronized void close() throws SQLException {
    beats.shutdownNow();
    if (connection != null && !connection.isClosed()) {
      connection.close();
    }
  }
}
