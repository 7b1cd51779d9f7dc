package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.records.RecordBytes;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.TreeMap;

/** Writes records that are kept one per flow, lane and origin, in the order of their origins. */
abstract class KeepByOriginFn<T> extends BatchFn<T, Void> {
  private static final long serialVersionUID = 1L;
  private static final int MAX_BATCH = 500;
  private static final int MAX_BATCH_BYTES = 8 << 20;

  private final String flow;
  private final String lane;
  private final long run;
  private transient TreeMap<String, T> batch;
  private transient long batchBytes;

  KeepByOriginFn(Database database, String sql, String flow, String lane, long run) {
    super(database, sql);
    this.flow = flow;
    this.lane = lane;
    this.run = run;
  }

  abstract String originOf(T record);

  abstract RecordBytes bytesOf(T record);

  /** Sets the parameters after flow, lane, run and origin. */
  abstract void bindRest(T record, PreparedStatement row, int first) throws SQLException;

  @StartBundle
  public void startBundle() {
    batch = new TreeMap<>();
    batchBytes = 0;
  }

  @ProcessElement
  public void process(@Element T record) throws SQLException {
    batch.put(originOf(record), record);
    batchBytes += bytesOf(record).length();
    if (batch.size() >= MAX_BATCH || batchBytes >= MAX_BATCH_BYTES) {
      write(batch.values());
      batch.clear();
      batchBytes = 0;
    }
  }

  @FinishBundle
  public void finishBundle() throws SQLException {
    write(batch.values());
    batch = null;
  }

  @Override
  final void bind(T record, PreparedStatement row) throws SQLException {
    int next = 1;
    row.setString(next++, flow);
    row.setString(next++, lane);
    row.setLong(next++, run);
    row.setString(next++, originOf(record).replace("\0", "\\u0000"));
    bindRest(record, row, next);
  }
}
