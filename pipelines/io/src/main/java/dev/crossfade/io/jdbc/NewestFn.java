package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.results.EventWindow;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;

/**
 * Writes the newest record of each key of a batch, in the order of the keys, so that two writers
 * that meet at the same rows lock them in the same order. Gives the windows that it has written to,
 * at their end, once all of the bundle is committed.
 *
 * @param <K> the key
 * @param <T> the records, in the global window
 */
abstract class NewestFn<K extends Comparable<K>, T> extends BatchFn<T, EventWindow> {
  private static final long serialVersionUID = 1L;
  private static final int MAX_BATCH = 1_000;
  private static final int MAX_BATCH_BYTES = 8 << 20;

  private transient Map<K, T> batch;
  private transient long batchBytes;
  private transient Set<EventWindow> windows;

  NewestFn(Database database, RunTarget target, String sql) {
    super(database, target, sql);
  }

  abstract K keyOf(T record);

  /** Which of two records of a key stands. */
  abstract T newerOf(T first, T second);

  /** The window that a record belongs to, or null if it belongs to none. */
  abstract EventWindow windowOf(T record);

  /** About how many bytes of the batch are a record's; 0 where records are small. */
  int bytesOf(T record) {
    return 0;
  }

  @StartBundle
  public void startBundle() {
    batch = new TreeMap<>();
    batchBytes = 0;
    windows = new TreeSet<>();
  }

  @ProcessElement
  public void process(@Element T record) throws SQLException {
    EventWindow window = windowOf(record);
    if (window != null) {
      windows.add(window);
    }
    batch.merge(keyOf(record), record, this::newerOf);
    batchBytes += bytesOf(record);
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
      Instant last = Instant.ofEpochMilli(window.end().toEpochMilli() - 1);
      context.output(window, last, GlobalWindow.INSTANCE);
    }
  }
}
