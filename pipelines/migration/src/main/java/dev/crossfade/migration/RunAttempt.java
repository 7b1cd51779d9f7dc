package dev.crossfade.migration;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * One start of a run. What it writes counts until the run has ended or was started again; then
 * every write of it is refused with a {@link RunGoneException}, however long its process was
 * stopped in between.
 *
 * @param run the run's number
 * @param attempt how often the run was started, this time included
 */
public record RunAttempt(long run, int attempt) {
  /**
   * Begins a transaction that writes as the run: from here to the end of the transaction nobody
   * ends the run or starts it again.
   */
  void fence(Connection c) throws SQLException {
    Sql.test(c, "SELECT crossfade.fence(?, ?) IS NULL", run, attempt);
  }
}
