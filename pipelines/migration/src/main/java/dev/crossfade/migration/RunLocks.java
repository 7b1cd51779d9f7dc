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

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /**
   * A condition on a {@code run}: whether a process holds its lock. It only looks: trying the lock,
   * as {@link #isFree} does, would be in the way of who takes it meanwhile.
   */
  static final String IS_HELD =
      """
      EXISTS (SELECT FROM pg_catalog.pg_locks k
        WHERE k.locktype = 'advisory' AND k.objsubid = 1 AND k.granted
          AND k.mode = 'ExclusiveLock'
          AND k.database = (SELECT oid FROM pg_catalog.pg_database
            WHERE datname = current_database())
          AND (k.classid::bigint << 32 | k.objid::bigint) = %d + run)
      """
          .replace("%d", String.valueOf(RUNS));

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

  /** The same, but waits a moment for another one to give it up. */
  static boolean takeSoon(Connection c, long run) throws SQLException {
    return soon(c, "SELECT pg_advisory_lock(?) IS NULL", run);
  }

  /** Whether no process is at work on a run, or stops being so in a moment. */
  static boolean isFreeSoon(Connection c, long run) throws SQLException {
    return soon(c, "SELECT pg_advisory_xact_lock(?) IS NULL", run);
  }

  /** If it waits in vain, the transaction is worth nothing any more. */
  private static boolean soon(Connection c, String sql, long run) throws SQLException {
    try {
      Sql.update(c, "SET LOCAL lock_timeout = '2s'");
      Sql.test(c, sql, RUNS + run);
      Sql.update(c, "SET LOCAL lock_timeout = '60s'");
      return true;
    } catch (SQLException e) {
      if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Waits until nothing is being written as a run, and lets nobody begin to before the end of the
   * transaction. A writer whose process was stopped in the middle is cut off after a while.
   */
  static void awaitWriters(Connection c, long run) throws SQLException {
    Sql.test(c, "SELECT crossfade.await_writers(?) IS NULL", run);
  }

  /**
   * Whether no process is at work on a run. If so, none can be before the end of the transaction.
   */
  static boolean isFree(Connection c, long run) throws SQLException {
    return Sql.test(c, "SELECT pg_try_advisory_xact_lock(?)", RUNS + run);
  }
}
