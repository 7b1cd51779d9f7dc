package dev.crossfade.io.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/** Transactions of PostgreSQL that read for as long as a run takes. */
final class PostgresTransactions {
  /** The first version that can end a transaction for its age. */
  private static final int WITH_TRANSACTION_TIMEOUT = 17;

  /** No such object, and an identifier that is none of an open transaction. */
  private static final Set<String> NO_SNAPSHOT = Set.of("42704", "22023");

  private PostgresTransactions() {}

  /** Whether it is a PostgreSQL. */
  static boolean isPostgres(Database database) {
    return database.shown().startsWith("jdbc:postgresql:");
  }

  /**
   * Begins a transaction that sees one instant, writes nothing, and is not ended for being idle or
   * old: a reader waits for those who take what it has read, and the holder of a snapshot waits for
   * all readers. No query was made when this returns.
   *
   * @param connection without auto-commit, and not within a transaction
   */
  static void beginReading(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // What is said for the session would not come with it through a pool of transactions.
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      statement.execute("SET LOCAL idle_in_transaction_session_timeout = 0");
      // Names in the addresses of rows are the same whatever the server is set to.
      statement.execute("SET LOCAL quote_all_identifiers = off");
      if (connection.getMetaData().getDatabaseMajorVersion() >= WITH_TRANSACTION_TIMEOUT) {
        statement.execute("SET LOCAL transaction_timeout = 0");
      }
    }
  }

  /** Whether a snapshot could not be taken up because it is not there. */
  static boolean isNoSnapshot(SQLException e) {
    return NO_SNAPSHOT.contains(e.getSQLState());
  }
}
