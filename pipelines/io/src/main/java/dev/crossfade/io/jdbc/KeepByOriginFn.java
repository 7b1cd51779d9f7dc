package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.records.RecordBytes;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Keeps records one per flow, lane and origin. */
abstract class KeepByOriginFn<T> extends NewestFn<String, T> {
  private static final long serialVersionUID = 1L;

  private final String flow;
  private final String lane;
  private final long run;

  KeepByOriginFn(Database database, String sql, String flow, RunTarget target) {
    super(database, target, sql);
    this.flow = flow;
    this.lane = target.lane();
    this.run = target.run();
  }

  abstract RecordBytes recordOf(T record);

  /** Sets the parameters after flow, lane, run and origin. */
  abstract void bindRest(T record, PreparedStatement row, int first) throws SQLException;

  /** The same record from the same origin. */
  @Override
  final T newerOf(T first, T second) {
    return second;
  }

  @Override
  final int bytesOf(T record) {
    return recordOf(record).length();
  }

  @Override
  final void bind(T record, PreparedStatement row) throws SQLException {
    int next = 1;
    row.setString(next++, flow);
    row.setString(next++, lane);
    row.setLong(next++, run);
    row.setString(next++, SqlText.of(keyOf(record)));
    bindRest(record, row, next);
  }
}
