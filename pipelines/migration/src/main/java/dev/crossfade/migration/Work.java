package dev.crossfade.migration;

import java.sql.Connection;
import java.sql.SQLException;

/** What is done within one transaction. */
@FunctionalInterface
interface Work<T> {
  T in(Connection connection) throws SQLException;

  /** Does the work and commits it, or leaves nothing of it behind. */
  static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      T result = work.in(connection);
      connection.commit();
      connection.setAutoCommit(true);
      return result;
    } catch (SQLException | RuntimeException e) {
      try {
        connection.rollback();
        connection.setAutoCommit(true);
      } catch (SQLException again) {
        // A connection in an unknown state is not used again.
        e.addSuppressed(again);
        connection.close();
      }
      throw e;
    }
  }
}
