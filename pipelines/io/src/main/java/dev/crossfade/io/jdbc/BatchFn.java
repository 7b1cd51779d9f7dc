package dev.crossfade.io.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * Writes rows of a run, a batch in a transaction. What a bundle has written is committed when the
 * bundle ends; writing it again must give the same tables. A database that is away is waited for,
 * which holds up the bundle and with it whatever comes after. A run that has ended or was started
 * again fails the bundle, and nothing of the batch is written.
 */
abstract class BatchFn<InT, OutT> extends DoFn<InT, OutT> {
  private static final long serialVersionUID = 1L;

  private final Database database;
  private final Fence fence;
  private final Duration patience;
  private final String sql;
  private transient PatientConnection connection;

  BatchFn(Database database, RunTarget target, String sql) {
    this.database = database;
    this.fence = Fence.of(target);
    this.patience = target.patience();
    this.sql = sql;
  }

  /** Sets the parameters of the statement for one row. */
  abstract void bind(InT row, PreparedStatement parameters) throws SQLException;

  /** Writes what else belongs to the rows, in the same transaction. */
  void writeMore(Collection<InT> rows, Connection transaction) throws SQLException {
    // Most rows are all that there is.
  }

  /** Writes the rows and commits. */
  final void write(Collection<InT> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    if (connection == null) {
      connection = new PatientConnection(database, patience);
    }
    connection.inTransaction(
        transaction -> {
          fence.raise(transaction);
          try (PreparedStatement statement = transaction.prepareStatement(sql)) {
            for (InT row : rows) {
              bind(row, statement);
              statement.addBatch();
            }
            statement.executeBatch();
          }
          writeMore(rows, transaction);
        });
  }

  @Teardown
  public void teardown() throws SQLException {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
