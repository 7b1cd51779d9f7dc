package dev.crossfade.io.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * Writes rows with one statement, a batch in a transaction. What a bundle has written is committed
 * when the bundle ends; writing it again must give the same table.
 */
abstract class BatchFn<InT, OutT> extends DoFn<InT, OutT> {
  private static final long serialVersionUID = 1L;

  private final Database database;
  private final String sql;
  private transient Connection connection;
  private transient PreparedStatement statement;

  BatchFn(Database database, String sql) {
    this.database = database;
    this.sql = sql;
  }

  /** Sets the parameters of the statement for one row. */
  abstract void bind(InT row, PreparedStatement parameters) throws SQLException;

  /**
   * Writes the rows and commits. After a failure the connection is given up: the next call opens
   * one.
   */
  final void write(Collection<InT> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
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
      connection.commit();
      written = true;
    } catch (java.sql.BatchUpdateException e) {
      // The driver's message holds the statement with all its values; what went wrong is behind it.
      throw e.getNextException() == null ? e : e.getNextException();
    } finally {
      if (!written) {
        close();
      }
    }
  }

  @Teardown
  public void teardown() throws SQLException {
    close();
  }

  private void close() throws SQLException {
    Connection open = connection;
    connection = null;
    statement = null;
    if (open != null) {
      open.close();
    }
  }
}
