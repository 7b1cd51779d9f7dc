package dev.crossfade.io.jdbc;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.RetryPolicyBuilder;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a database that is away: restarted, failing over, out of space or of connections. The
 * thread waits with it, so that a stream stalls and loses nothing. What the database says of a
 * statement itself is thrown at once.
 */
final class Patience {
  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final long FIRST_DELAY_MILLIS = 100;
  private static final long LONGEST_DELAY_MILLIS = 5_000;

  private final RetryPolicy<Object> policy;
  private final Duration longest;

  /** Waits for as long as this and no longer. */
  Patience(Database database, Duration longest) {
    this.longest = longest;
    RetryPolicyBuilder<Object> builder =
        RetryPolicy.builder()
            .handleIf(Patience::isAway)
            .onRetry(
                again ->
                    LOG.warn(
                        "{} is away; attempt {} after {} s: {}",
                        database,
                        again.getAttemptCount(),
                        again.getElapsedTime().toSeconds(),
                        again.getLastException().getMessage()));
    this.policy =
        longest.toMillis() <= FIRST_DELAY_MILLIS
            ? builder.withMaxRetries(0).build()
            : builder
                .withMaxRetries(-1)
                .withBackoff(
                    FIRST_DELAY_MILLIS,
                    Math.min(LONGEST_DELAY_MILLIS, longest.toMillis() - 1),
                    ChronoUnit.MILLIS)
                .withMaxDuration(longest)
                .build();
  }

  /** Does what may be done again after it has failed half way. */
  void run(Statements statements) throws SQLException {
    try {
      Failsafe.with(policy).run(statements::execute);
    } catch (FailsafeException e) {
      if (e.getCause() instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      if (e.getCause() instanceof SQLException failed) {
        throw isAway(failed) ? gaveUp(failed) : failed;
      }
      throw e;
    }
  }

  private SQLException gaveUp(SQLException failed) {
    return new SQLException(
        failed.getMessage() + " (it was waited for " + longest.toSeconds() + " s)",
        failed.getSQLState(),
        failed);
  }

  /** Whether the same may succeed a little later, though nothing about it is changed. */
  static boolean isAway(Throwable failure) {
    if (!(failure instanceof SQLException sql)) {
      return false;
    }
    String state = sql.getSQLState() == null ? "" : sql.getSQLState();
    return state.startsWith("08") // The connection cannot be made, or was lost.
        || state.startsWith("57P") // The server shuts down, starts, or has crashed.
        || state.startsWith("53") // It has no disk, memory or connection left.
        || state.startsWith("58") // Its own disk fails.
        || state.startsWith("40") // Another one was in the way.
        || state.equals("25006") // It is read-only, as a standby is before it takes over.
        || sql.getCause() instanceof IOException;
  }

  /** Statements in a transaction. */
  @FunctionalInterface
  interface Statements {
    void execute() throws SQLException;
  }
}
