package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.graph.DeadLetter;
import dev.crossfade.transforms.records.RecordBytes;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Keeps dead letters in the table {@code dead_letters}. Keeping a letter again leaves one; if a
 * later run comes to it, that is one attempt more. A letter that was computed after all is open
 * again if a later run fails on it; one that was discarded stays so.
 */
final class KeepDeadLettersFn extends KeepByOriginFn<DeadLetter> {
  private static final long serialVersionUID = 1L;
  private static final String SQL =
      "INSERT INTO "
          + ResultTable.SCHEMA
          + ".dead_letters AS d (flow, lane, run, origin, step, cause, message, bytes, event_time,"
          + " window_start, window_end, retryable, logic, first_run)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT (flow, lane, origin) DO UPDATE SET run = EXCLUDED.run,"
          + " step = EXCLUDED.step, cause = EXCLUDED.cause, message = EXCLUDED.message,"
          + " bytes = EXCLUDED.bytes, event_time = EXCLUDED.event_time,"
          + " window_start = EXCLUDED.window_start, window_end = EXCLUDED.window_end,"
          + " retryable = EXCLUDED.retryable, logic = EXCLUDED.logic, last_seen = clock_timestamp(),"
          + " attempts = d.attempts + CASE WHEN d.run = EXCLUDED.run THEN 0 ELSE 1 END,"
          + " status = CASE WHEN d.status = 'REPLAYED' AND EXCLUDED.run > d.resolved_by"
          + " THEN 'OPEN' ELSE d.status END"
          + " WHERE d.run <= EXCLUDED.run";

  KeepDeadLettersFn(Database database, String flow, RunTarget target) {
    super(database, SQL, flow, target);
  }

  @Override
  String originOf(DeadLetter letter) {
    return letter.origin().toString();
  }

  @Override
  RecordBytes bytesOf(DeadLetter letter) {
    return letter.bytes();
  }

  @Override
  EventWindow awaitedBy(DeadLetter letter) {
    return letter.window();
  }

  @Override
  void bindRest(DeadLetter letter, PreparedStatement row, int first) throws SQLException {
    int next = first;
    row.setString(next++, letter.step().name());
    row.setString(next++, letter.cause());
    // SQL cannot store the character in text; the bytes have it as it came.
    row.setString(next++, letter.message().replace("\0", "\\u0000"));
    row.setBytes(next++, letter.bytes().toArray());
    bindInstant(letter.eventTime(), row, next++);
    next = bindWindow(letter.window(), row, next);
    row.setBoolean(next++, letter.retryable());
    row.setString(next++, target().logic());
    row.setLong(next, target().run());
  }
}
