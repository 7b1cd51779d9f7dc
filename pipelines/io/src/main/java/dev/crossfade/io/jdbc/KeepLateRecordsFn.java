package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.graph.LateRecord;
import dev.crossfade.transforms.records.RecordBytes;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Keeps late records in the table {@code late_records}; keeping a record again leaves one. */
final class KeepLateRecordsFn extends KeepByOriginFn<LateRecord> {
  private static final long serialVersionUID = 1L;
  private static final String SQL =
      "INSERT INTO "
          + ResultTable.SCHEMA
          + ".late_records"
          + " (flow, lane, run, origin, event_time, window_start, window_end, behind_millis, bytes)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT (flow, lane, origin) DO UPDATE SET run = EXCLUDED.run,"
          + " event_time = EXCLUDED.event_time, window_start = EXCLUDED.window_start,"
          + " window_end = EXCLUDED.window_end, behind_millis = EXCLUDED.behind_millis,"
          + " bytes = EXCLUDED.bytes";

  KeepLateRecordsFn(Database database, String flow, RunTarget target) {
    super(database, SQL, flow, target);
  }

  @Override
  String originOf(LateRecord record) {
    return record.origin().toString();
  }

  @Override
  RecordBytes bytesOf(LateRecord record) {
    return record.bytes();
  }

  /** It came after its window had closed. */
  @Override
  EventWindow awaitedBy(LateRecord record) {
    return null;
  }

  @Override
  void bindRest(LateRecord record, PreparedStatement row, int first) throws SQLException {
    int next = first;
    bindInstant(record.eventTime(), row, next++);
    next = bindWindow(record.window(), row, next);
    row.setLong(next++, record.behind().toMillis());
    row.setBytes(next, record.bytes().toArray());
  }
}
