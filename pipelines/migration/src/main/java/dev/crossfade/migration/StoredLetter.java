package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * A dead letter as the store keeps it.
 *
 * @param flow the flow
 * @param lane the lane
 * @param origin where the record was first seen, such as {@code flights[2]:1842}
 * @param step where it failed
 * @param cause what failed: a simple class name
 * @param message what is wrong with it
 * @param bytes the record, whole
 * @param eventTime its event time; empty if it could not be read
 * @param window the window of the event that it is; empty if it is none
 * @param retryable whether it may be processed as it is at another time
 * @param logic the fingerprint of the logic that could not process it
 * @param run the run that saw it last
 * @param firstRun the run that saw it first
 * @param attempts how many runs could not process it
 * @param firstSeen when it was seen first
 * @param lastSeen when it was seen last
 * @param status what was done about it
 * @param resolvedBy the run that could process it
 * @param resolvedReason why that was done
 * @param resolvedAt when that was done
 */
public record StoredLetter(
    String flow,
    String lane,
    String origin,
    String step,
    String cause,
    Optional<String> message,
    ByteBuffer bytes,
    Optional<Instant> eventTime,
    Optional<EventWindow> window,
    boolean retryable,
    Optional<String> logic,
    long run,
    long firstRun,
    int attempts,
    Instant firstSeen,
    Instant lastSeen,
    LetterStatus status,
    Optional<Long> resolvedBy,
    Optional<String> resolvedReason,
    Optional<Instant> resolvedAt) {

  /** What {@link #read} needs of the table {@code dead_letters}. */
  static final String COLUMNS =
      """
      flow, lane, origin, step, cause, message, bytes, event_time, window_start, window_end,
      retryable, logic, run, first_run, attempts, first_seen, last_seen, status, resolved_by,
      resolved_reason, resolved_at
      """;

  /** Every reader gets a position of its own in the bytes, and nobody changes them. */
  @Override
  public ByteBuffer bytes() {
    return bytes.asReadOnlyBuffer();
  }

  static StoredLetter read(ResultSet row) throws SQLException {
    byte[] bytes = row.getBytes("bytes");
    return new StoredLetter(
        row.getString("flow"),
        row.getString("lane"),
        row.getString("origin"),
        row.getString("step"),
        row.getString("cause"),
        text(row, "message"),
        ByteBuffer.wrap(bytes == null ? new byte[0] : bytes),
        at(row, "event_time"),
        Sql.optionalWindow(row, row.findColumn("window_start")),
        row.getBoolean("retryable"),
        text(row, "logic"),
        row.getLong("run"),
        row.getLong("first_run"),
        row.getInt("attempts"),
        at(row, "first_seen").orElseThrow(),
        at(row, "last_seen").orElseThrow(),
        LetterStatus.valueOf(row.getString("status")),
        Optional.ofNullable(row.getObject("resolved_by", Long.class)),
        text(row, "resolved_reason"),
        at(row, "resolved_at"));
  }

  private static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  private static Optional<Instant> at(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(Sql.instant(row, row.findColumn(column)));
  }
}
