package dev.crossfade.io.jdbc;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection for transactions that may be repeated. While the database is away, a transaction is
 * tried again on a new connection, ever less often, until it is committed or the patience is used
 * up. Where trying again cannot help it fails at once.
 */
final class PatientConnection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PatientConnection.class);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** How long a database may be silent before it is asked on a new connection. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

  /**
   * SQL states, or the classes of states, of a database that is away, starting, stopping, failing
   * over or full, and of a transaction that had to give way to another.
   */
  private static final Set<String> AWAY =
      Set.of(
          "08", // the connection failed
          "40001", // could not be serialized
          "40P01", // a deadlock
          "53", // out of space, memory or connections
          "55P03", // a lock was not to be had
          "57014", // cancelled
          "57P01", // shut down by an administrator
          "57P02", // shut down after a crash
          "57P03", // cannot take connections now
          "57P05", // was idle for too long
          "58", // the operating system failed it
          "25006", // read-only, as the other half of a pair that fails over is
          "25P03"); // this process was stopped in the middle of it

  /** The connection that a server will refuse again. */
  private static final String REFUSED = "08004";

  private final Database database;
  private final Duration patience;
  private final RetryPolicy<Object> retry;
  private Connection connection;
  private boolean isAway;
  private long awaySince;

  PatientConnection(Database database, Duration patience) {
    this.database = database;
    this.patience = patience;
    this.retry =
        RetryPolicy.builder()
            .handleIf(e -> e instanceof SQLException sql && isWorthAnotherTry(sql))
            .withMaxRetries(-1)
            .withBackoff(FIRST_PAUSE, LONGEST_PAUSE)
            .withJitter(0.25)
            .build();
  }

  /**
   * Executes a transaction and commits it. It may be executed more than once, and an earlier one
   * may have been committed, though the answer was lost.
   */
  void inTransaction(Work work) throws SQLException {
    isAway = false;
    try {
      Failsafe.with(retry).run(() -> tryOnce(work));
    } catch (FailsafeException e) {
      if (e.getCause() instanceof SQLException failed) {
        throw isAway ? gaveUp(failed) : failed;
      }
      if (e.getCause() instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw e;
    }
    if (isAway) {
      LOG.info("{} is back after {}", database, awayFor());
    }
  }

  private SQLException gaveUp(SQLException last) {
    return new SQLException(
        database
            + " has been away for "
            + awayFor()
            + ", which is as long as is waited for it: "
            + last.getMessage(),
        last.getSQLState(),
        last);
  }

  private void tryOnce(Work work) throws SQLException {
    boolean committed = false;
    try {
      if (connection == null) {
        connection = database.connect();
        connection.setAutoCommit(false);
        // A fence has to see what was committed right before.
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        long silence = Math.max(1, Math.min(patience.toMillis(), LONGEST_SILENCE.toMillis()));
        connection.setNetworkTimeout(Runnable::run, Math.toIntExact(silence));
      }
      work.execute(connection);
      connection.commit();
      committed = true;
    } catch (BatchUpdateException e) {
      // The driver's message holds the statement with all its values; what went wrong is behind it.
      throw e.getNextException() == null ? e : e.getNextException();
    } catch (AssertionError e) {
      // With assertions on, PostgreSQL's driver stumbles over a connection that breaks in a batch.
      if (connection != null && connection.isClosed()) {
        throw new SQLException("the connection broke", "08006", e);
      }
      throw e;
    } finally {
      if (!committed) {
        giveUp();
      }
    }
  }

  private boolean isWorthAnotherTry(SQLException e) {
    if (!isOfOneAway(e.getSQLState())) {
      isAway = false;
      return false;
    }
    long now = System.nanoTime();
    if (!isAway) {
      isAway = true;
      awaySince = now;
      LOG.warn("{} is away and is waited for up to {}: {}", database, patience, e.getMessage());
    }
    return now - awaySince < patience.toNanos();
  }

  /** Whether a database that says so may say something else after a while. */
  static boolean isOfOneAway(String state) {
    return state != null
        && state.length() == 5
        && !state.equals(REFUSED)
        && (AWAY.contains(state) || AWAY.contains(state.substring(0, 2)));
  }

  private Duration awayFor() {
    return Duration.ofMillis((System.nanoTime() - awaySince) / 1_000_000);
  }

  private void giveUp() {
    try {
      close();
    } catch (SQLException e) {
      // Why it failed is on its way already.
      LOG.debug("a broken connection to {} does not close", database, e);
    }
  }

  @Override
  public void close() throws SQLException {
    Connection open = connection;
    connection = null;
    if (open != null) {
      open.close();
    }
  }

  /** What is done in a transaction; doing it again must lead to the same. */
  interface Work {
    void execute(Connection transaction) throws SQLException;
  }
}
