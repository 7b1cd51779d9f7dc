package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.graph.LateRecord;
import dev.crossfade.transforms.records.RecordBytes;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;

/**
 * Keeps late records in the table {@code late_records}; keeping a record again leaves one. One that
 * a restatement took in is outstanding again when a later run finds it late.
 */
final class KeepLateRecordsFn extends KeepByOriginFn<LateRecord> {
  private static final long serialVersionUID = 1L;
  private static final String SQL =
      "INSERT INTO "
          + ResultTable.SCHEMA
          + ".late_records AS t"
          + " (flow, lane, run, origin, event_time, window_start, window_end, behind_millis, bytes)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT (flow, lane, origin) DO UPDATE SET run = EXCLUDED.run,"
          + " event_time = EXCLUDED.event_time, window_start = EXCLUDED.window_start,"
          + " window_end = EXCLUDED.window_end, behind_millis = EXCLUDED.behind_millis,"
          + " bytes = EXCLUDED.bytes, restated_by = CASE WHEN t.restated_by < EXCLUDED.run"
          + " THEN NULL ELSE t.restated_by END"
          + " WHERE t.run <= EXCLUDED.run";

  KeepLateRecordsFn(Database database, String flow, RunTarget target) {
    super(database, SQL, flow, target);
  }

  @Override
  String keyOf(LateRecord record) {
    return record.origin().toString();
  }

  @Override
  RecordBytes recordOf(LateRecord record) {
    return record.bytes();
  }

  @Override
  EventWindow windowOf(LateRecord record) {
    return record.window();
  }

  @Override
  void bindRest(LateRecord record, PreparedStatement row, int first) throws SQLException {
    int next = first;
    row.setObject(next++, record.eventTime().atOffset(ZoneOffset.UTC));
    row.setObject(next++, record.window().start().atOffset(ZoneOffset.UTC));
    row.setObject(next++, record.window().end().atOffset(ZoneOffset.UTC));
    row.setLong(next++, record.behind().toMillis());
    row.setBytes(next, record.bytes().toArray());
  }
}
