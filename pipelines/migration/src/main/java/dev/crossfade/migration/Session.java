package dev.crossfade.migration;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A connection that is opened again if the server closed it in between, as it may over the days of
 * a run, and that threads take in turns. Each piece of work is one transaction.
 */
final class Session implements AutoCloseable {
  private static final int VALID_SECONDS = 10;

  private final Database database;
  private Connection connection;

  private Session(Database database) {
    this.database = database;
  }

  static Session open(Database database) {
    Session session = new Session(database);
    try {
      session.connection = database.connect();
    } catch (SQLException e) {
      throw StoreException.of(database, "opening the store", e);
    }
    return session;
  }

  Database database() {
    return database;
  }

  /** Work that may write. */
  <T> T transaction(String doing, Work<T> work) {
    return run(doing, Connection.TRANSACTION_READ_COMMITTED, false, work);
  }

  /**
   * Work that writes as a run, none of which is done if the run is not that attempt's any more.
   *
   * @throws RunGoneException if it is not
   */
  <T> T writeAs(RunAttempt attempt, String doing, Work<T> work) {
    return transaction(
        doing,
        c -> {
          attempt.fence(c);
          return work.in(c);
        });
  }

  /** Work that cannot write, and sees the database as it was at one moment. */
  <T> T snapshot(String doing, Work<T> work) {
    return run(doing, Connection.TRANSACTION_REPEATABLE_READ, true, work);
  }

  private synchronized <T> T run(String doing, int isolation, boolean readOnly, Work<T> work) {
    try {
      if (!connection.isValid(VALID_SECONDS)) {
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

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw StoreException.of(database, "closing the store", e);
    }
  }
}
