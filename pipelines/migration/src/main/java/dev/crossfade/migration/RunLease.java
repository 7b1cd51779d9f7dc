package dev.crossfade.migration;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The right to compute a run. It is a lock on a connection of its own, which the database gives up
 * with the connection: a process that is killed holds up nobody. The run is not ended by giving up
 * the lease; {@link Store#endRun} does that. A run that was not ended and that nobody holds is
 * dead.
 *
 * <p>The lock belongs to a session of the server. A pool between here and there that shares
 * sessions among clients has to be told not to.
 */
public final class RunLease implements AutoCloseable {
  private static final int VALID_SECONDS = 10;

  private final Database database;
  private final StoredRun held;
  private Connection connection;

  private RunLease(Database database, StoredRun held, Connection connection) {
    this.database = database;
    this.held = held;
    this.connection = connection;
  }

  /**
   * Takes a connection for a run that is chosen, and locked, in its first transaction.
   *
   * @param choose locks the run and gives it as it is then
   */
  static RunLease take(Database database, String doing, Work<StoredRun> choose) {
    try {
      Connection connection = connect(database);
      try {
        return new RunLease(database, Work.inTransaction(connection, choose), connection);
      } catch (SQLException | RuntimeException e) {
        Database.closeAfter(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw StoreException.of(database, doing, e);
    }
  }

  private static Connection connect(Database database) throws SQLException {
    Connection connection = database.connect();
    try (Statement statement = connection.createStatement()) {
      // The run is looked up after its writers were waited for, and has to be as it is then.
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      // A machine that is gone says no goodbye: the server has to ask whether it is still there.
      statement.execute("SET tcp_keepalives_idle = 30");
      statement.execute("SET tcp_keepalives_interval = 10");
      statement.execute("SET tcp_keepalives_count = 3");
      // Nothing is said on this connection for the days of a run.
      statement.execute(
          "SELECT set_config(name, '0', false) FROM pg_catalog.pg_settings"
              + " WHERE name = 'idle_session_timeout'");
      return connection;
    } catch (SQLException e) {
      Database.closeAfter(connection, e);
      throw e;
    }
  }

  /** The run's number, greater than that of every run that began before it. */
  public long run() {
    return held.run();
  }

  /** How often the run was started, this time included. */
  public int attempt() {
    return held.attempts();
  }

  /** The run and the attempt, as which is written. */
  public RunAttempt runAttempt() {
    return new RunAttempt(run(), attempt());
  }

  /**
   * Whether the run is still held. If not, since the connection is lost, another process may have
   * declared it dead: {@link #renew} tells.
   */
  public synchronized boolean isHeld() {
    try {
      return connection.isValid(VALID_SECONDS);
    } catch (SQLException e) {
      throw StoreException.of(database, "asking whether run " + run() + " is held", e);
    }
  }

  /**
   * Takes the lock again if it is not held; changes nothing if it is.
   *
   * @throws RunGoneException if the run was declared dead or resumed meanwhile, and then nothing
   *     that this attempt computes counts
   * @throws StoreException if the database cannot be reached, which may be tried again
   */
  public synchronized void renew() {
    if (isHeld()) {
      return;
    }
    try (RunLease again = take(database, "taking run " + run() + " again", this::takeAgain)) {
      Connection lost = connection;
      connection = again.connection;
      again.connection = lost;
    }
  }

  private StoredRun takeAgain(Connection c) throws SQLException {
    RunLocks.awaitLane(c, held.flow(), held.lane());
    runAttempt().fence(c);
    if (!RunLocks.take(c, run())) {
      throw new StoreException(
          "the server has not noticed yet that the connection that held run "
              + run()
              + " was lost; it does within a minute, so try again");
    }
    return held;
  }

  /** Gives up the lock; again is harmless. */
  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw StoreException.of(database, "giving up run " + run(), e);
    }
  }
}
