package dev.crossfade.io.jdbc;

import java.io.Serializable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Sees to it that nothing is written as a run that has ended or was started again, which another
 * process may have done while this one was stopped or cut off.
 *
 * @param run the run
 * @param attempt how often it was started, this time included
 */
record Fence(long run, int attempt) implements Serializable {
  private static final String SQL = "SELECT crossfade.fence(?, ?)";

  static Fence of(RunTarget target) {
    return new Fence(target.run(), target.attempt());
  }

  /**
   * To be done first in a transaction, which has to be one that reads what is committed: until its
   * end, nobody ends the run or starts it again.
   *
   * @throws SQLException if the run is gone; its message says who computes the lane now
   */
  void raise(Connection transaction) throws SQLException {
    try (PreparedStatement statement = transaction.prepareStatement(SQL)) {
      statement.setLong(1, run);
      statement.setInt(2, attempt);
      statement.execute();
    }
  }
}
