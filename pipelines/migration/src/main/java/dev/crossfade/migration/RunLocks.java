package dev.crossfade.migration;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Advisory locks: they belong to the connection that took them, and so no crash leaves one behind.
 */
final class RunLocks {
  /** Apart from all else that might lock numbers in this database; the run's number is added. */
  private static final long RUNS = 0x6372_6f73_0000_0000L;

  /** These locks have two numbers, which PostgreSQL keeps apart from those that have one. */
  private static final int LANES = 0x6372_6f73;

  private RunLocks() {}

  /** Waits its turn to change which runs of a lane are under way; until the transaction's end. */
  static void awaitLane(Connection c, String flow, String lane) throws SQLException {
    Sql.update(c, "SET LOCAL lock_timeout = '60s'");
    Sql.test(c, "SELECT pg_advisory_xact_lock(?, hashtext(?)) IS NULL", LANES, flow + "/" + lane);
  }

  /** Takes a run's lock for as long as the connection lasts, unless another one has it. */
  static boolean take(Connection c, long run) throws SQLException {
    return Sql.test(c, "SELECT pg_try_advisory_lock(?)", RUNS + run);
  }

  /**
   * Whether no process is at work on a run. If so, none can be before the end of the transaction.
   */
  static boolean isFree(Connection c, long run) throws SQLException {
    return Sql.test(c, "SELECT pg_try_advisory_xact_lock(?)", RUNS + run);
  }
}
