package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.graph.LateRecord;
import dev.crossfade.transforms.records.RecordBytes;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * Keeps late records in the table {@code late_records}, one per flow, lane and origin. Works on
 * bounded and unbounded input; keeping a record again leaves one.
 */
final class KeepLateRecords extends PTransform<PCollection<LateRecord>, PDone> {
  private static final long serialVersionUID = 1L;

  private final Database database;
  private final String flow;
  private final String lane;
  private final long run;

  private KeepLateRecords(Database database, String flow, String lane, long run) {
    this.database = database;
    this.flow = flow;
    this.lane = lane;
    this.run = run;
  }

  /** Keeps the late records of a run of a flow's lane. */
  static KeepLateRecords of(Database database, String flow, String lane, long run) {
    return new KeepLateRecords(database, flow, lane, run);
  }

  @Override
  public PDone expand(PCollection<LateRecord> records) {
    records.apply("Keep", ParDo.of(new KeepFn(database, flow, lane, run)));
    return PDone.in(records.getPipeline());
  }

  private static final class KeepFn extends KeepByOriginFn<LateRecord> {
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

    KeepFn(Database database, String flow, String lane, long run) {
      super(database, SQL, flow, lane, run);
    }

    @Override
    String originOf(LateRecord record) {
      return record.origin().toString();
    }

    @Override
    RecordBytes bytesOf(LateRecord record) {
      return record.bytes();
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
}
