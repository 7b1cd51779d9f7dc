package dev.crossfade.io.jdbc;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * Writes rows with one statement, a batch in a transaction. What a bundle has written is committed
 * when the bundle ends; writing it again must give the same table, since a batch whose commit was
 * not heard of is written again. A database that is away is waited for.
 */
abstract class BatchFn<InT, OutT> extends DoFn<InT, OutT> {
  private static final long serialVersionUID = 1L;

  private final Database database;
  private final Duration longest;
  private final String sql;
  private transient Patience patience;
  private transient Connection connection;
  private transient PreparedStatement statement;

  BatchFn(Database database, Duration longest, String sql) {
    this.database = database;
    this.longest = longest;
    this.sql = sql;
  }

  /** Sets the parameters of the statement for one row. */
  abstract void bind(InT row, PreparedStatement parameters) throws SQLException;

  /** Writes in the same transaction what belongs to the rows but not into their table. */
  void writeBeside(Collection<InT> rows, Connection transaction) throws SQLException {
    // Most rows stand for themselves.
  }

  /** Writes the rows and commits. */
  final void write(Collection<InT> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    if (patience == null) {
      patience = new Patience(database, longest);
    }
    patience.run(() -> tryToWrite(rows));
  }

  /** After a failure the connection is given up: the next call opens one. */
  private void tryToWrite(Collection<InT> rows) throws SQLException {
    boolean written = false;
    try {
      if (connection == null) {
        connection = database.connect();
        connection.setAutoCommit(false);
        statement = connection.prepareStatement(sql);
      }
      for (InT row : rows) {
        bind(row, statement);
        statement.addBatch();
      }
      statement.executeBatch();
      writeBeside(rows, connection);
      connection.commit();
      written = true;
    } catch (BatchUpdateException e) {
      // The driver's message holds the statement with all its values; what went wrong is behind it.
      throw e.getNextException() == null ? e : e.getNextException();
    } finally {
      if (!written) {
        abandon();
      }
    }
  }

  @Teardown
  public void teardown() throws SQLException {
    Connection open = connection;
    connection = null;
    statement = null;
    if (open != null) {
      open.close();
    }
  }

  /** Gives up a connection that has failed, which may well fail to close. */
  private void abandon() {
    try {
      teardown();
    } catch (SQLException e) {
      org.slf4j.LoggerFactory.getLogger(BatchFn.class)
          .debug("a connection that has failed did not close", e);
    }
  }
}
