package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.records.RecordBytes;
import dev.crossfade.transforms.results.EventWindow;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;

/**
 * Writes records that are kept one per flow, lane and origin, in the order of their origins. Gives
 * the windows of those that it has written.
 */
abstract class KeepByOriginFn<T> extends BatchFn<T, EventWindow> {
  private static final long serialVersionUID = 1L;
  private static final int MAX_BATCH = 500;
  private static final int MAX_BATCH_BYTES = 8 << 20;

  private final String flow;
  private final RunTarget target;
  private transient TreeMap<String, T> batch;
  private transient Set<EventWindow> windows;
  private transient long batchBytes;

  KeepByOriginFn(Database database, String sql, String flow, RunTarget target) {
    super(database, target.patience(), sql);
    this.flow = flow;
    this.target = target;
  }

  abstract String originOf(T record);

  abstract RecordBytes bytesOf(T record);

  /** The window that waits for the record to be written, or null if none does. */
  abstract EventWindow awaitedBy(T record);

  /** Sets the parameters after flow, lane, run and origin. */
  abstract void bindRest(T record, PreparedStatement row, int first) throws SQLException;

  @StartBundle
  public void startBundle() {
    batch = new TreeMap<>();
    windows = new HashSet<>();
    batchBytes = 0;
  }

  @ProcessElement
  public void process(@Element T record) throws SQLException {
    batch.put(originOf(record), record);
    batchBytes += bytesOf(record).length();
    if (awaitedBy(record) != null) {
      windows.add(awaitedBy(record));
    }
    if (batch.size() >= MAX_BATCH || batchBytes >= MAX_BATCH_BYTES) {
      write(batch.values());
      batch.clear();
      batchBytes = 0;
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) throws SQLException {
    write(batch.values());
    batch = null;
    for (EventWindow window : windows) {
      context.output(window, BoundedWindow.TIMESTAMP_MIN_VALUE, GlobalWindow.INSTANCE);
    }
  }

  final RunTarget target() {
    return target;
  }

  @Override
  final void bind(T record, PreparedStatement row) throws SQLException {
    int next = 1;
    row.setString(next++, flow);
    row.setString(next++, target.lane());
    row.setLong(next++, target.run());
    row.setString(next++, originOf(record).replace("\0", "\\u0000"));
    bindRest(record, row, next);
  }

  /** Binds a window, or two nulls, and gives the number of the next parameter. */
  static int bindWindow(EventWindow window, PreparedStatement row, int first) throws SQLException {
    int next = first;
    for (Instant bound :
        window == null
            ? new Instant[] {null, null}
            : new Instant[] {window.start(), window.end()}) {
      bindInstant(bound, row, next++);
    }
    return next;
  }

  static void bindInstant(Instant instant, PreparedStatement row, int index) throws SQLException {
    if (instant == null) {
      row.setNull(index, Types.TIMESTAMP_WITH_TIMEZONE);
    } else {
      row.setObject(index, instant.atOffset(ZoneOffset.UTC));
    }
  }
}
