package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.graph.DeadLetter;
import dev.crossfade.transforms.records.RecordBytes;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * Keeps dead letters in the table {@code dead_letters}; keeping a letter again leaves one. Each run
 * that sees a letter is an attempt at it; a letter that was resolved by a replay is open again when
 * a later run sees it, and one that was discarded stays so.
 */
final class KeepDeadLettersFn extends KeepByOriginFn<DeadLetter> {
  private static final long serialVersionUID = 1L;

  private static final String REOPENED =
      "t.status = 'REPLAYED' AND t.resolved_by < EXCLUDED.run THEN ";

  private static final String SQL =
      "INSERT INTO "
          + ResultTable.SCHEMA
          + ".dead_letters AS t"
          + " (flow, lane, run, origin, step, cause, message, bytes, event_time, window_start,"
          + " window_end, retryable, logic, first_run, first_seen, last_seen)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, now(), now())"
          + " ON CONFLICT (flow, lane, origin) DO UPDATE SET run = EXCLUDED.run,"
          + " step = EXCLUDED.step, cause = EXCLUDED.cause, message = EXCLUDED.message,"
          + " bytes = EXCLUDED.bytes, event_time = EXCLUDED.event_time,"
          + " window_start = EXCLUDED.window_start, window_end = EXCLUDED.window_end,"
          + " retryable = EXCLUDED.retryable, logic = EXCLUDED.logic,"
          // Of two transactions the one that began first may come second.
          + " first_seen = LEAST(t.first_seen, EXCLUDED.first_seen),"
          + " last_seen = GREATEST(t.last_seen, EXCLUDED.last_seen),"
          + " attempts = t.attempts + CASE WHEN t.run < EXCLUDED.run THEN 1 ELSE 0 END,"
          + (" status = CASE WHEN " + REOPENED + "'OPEN' ELSE t.status END,")
          + (" resolved_reason = CASE WHEN " + REOPENED + "NULL ELSE t.resolved_reason END,")
          + (" resolved_at = CASE WHEN " + REOPENED + "NULL ELSE t.resolved_at END,")
          + (" resolved_by = CASE WHEN " + REOPENED + "NULL ELSE t.resolved_by END")
          + " WHERE t.run <= EXCLUDED.run";

  private final long run;
  private final String logic;

  KeepDeadLettersFn(Database database, String flow, RunTarget target) {
    super(database, SQL, flow, target);
    this.run = target.run();
    this.logic = target.logic();
  }

  @Override
  String keyOf(DeadLetter letter) {
    return letter.origin().toString();
  }

  @Override
  RecordBytes recordOf(DeadLetter letter) {
    return letter.bytes();
  }

  @Override
  EventWindow windowOf(DeadLetter letter) {
    return letter.window();
  }

  @Override
  void bindRest(DeadLetter letter, PreparedStatement row, int first) throws SQLException {
    int next = first;
    row.setString(next++, letter.step().name());
    row.setString(next++, letter.cause());
    row.setString(next++, SqlText.of(letter.message()));
    row.setBytes(next++, letter.bytes().toArray());
    bindTime(letter.eventTime(), row, next++);
    EventWindow window = letter.window();
    bindTime(window == null ? null : window.start(), row, next++);
    bindTime(window == null ? null : window.end(), row, next++);
    row.setBoolean(next++, letter.retryable());
    row.setString(next++, logic);
    row.setLong(next, run);
  }

  private static void bindTime(Instant time, PreparedStatement row, int index) throws SQLException {
    if (time == null) {
      row.setNull(index, Types.TIMESTAMP_WITH_TIMEZONE);
    } else {
      row.setObject(index, time.atOffset(ZoneOffset.UTC));
    }
  }
}
