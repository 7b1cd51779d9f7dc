package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.graph.WindowCounts;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.windows.WindowShape;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.values.KV;

/**
 * Keeps how many events of each window were decoded in the table {@code window_ledger}. The counts
 * of more events replace those of fewer, so that writing anything again, in any order, leaves the
 * same table. Gives the windows it has written to, at their end, once that is committed.
 */
final class KeepWindowCountsFn extends BatchFn<KV<Long, WindowCounts>, EventWindow> {
  private static final long serialVersionUID = 1L;
  private static final String SQL =
      "INSERT INTO "
          + ResultTable.SCHEMA
          + ".window_ledger AS w (flow, lane, run, window_start, window_end, decoded, filtered)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT (flow, lane, run, window_start) DO UPDATE SET decoded = EXCLUDED.decoded,"
          + " filtered = EXCLUDED.filtered WHERE w.decoded < EXCLUDED.decoded";

  private final String flow;
  private final WindowShape shape;
  private final RunTarget target;
  private transient TreeMap<Long, KV<Long, WindowCounts>> batch;

  KeepWindowCountsFn(Database database, String flow, WindowShape shape, RunTarget target) {
    super(database, target.patience(), SQL);
    this.flow = flow;
    this.shape = shape;
    this.target = target;
  }

  @StartBundle
  public void startBundle() {
    batch = new TreeMap<>();
  }

  @ProcessElement
  public void process(@Element KV<Long, WindowCounts> window) {
    batch.merge(
        window.getKey(),
        window,
        (old, next) -> next.getValue().decoded() > old.getValue().decoded() ? next : old);
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) throws SQLException {
    write(batch.values());
    for (long start : batch.keySet()) {
      EventWindow window = shape.windowOf(Instant.ofEpochMilli(start));
      IntervalWindow interval =
          new IntervalWindow(
              org.joda.time.Instant.ofEpochMilli(start),
              org.joda.time.Instant.ofEpochMilli(window.end().toEpochMilli()));
      context.output(window, interval.maxTimestamp(), interval);
    }
    batch = null;
  }

  @Override
  void bind(KV<Long, WindowCounts> window, PreparedStatement row) throws SQLException {
    EventWindow bounds = shape.windowOf(Instant.ofEpochMilli(window.getKey()));
    int next = 1;
    row.setString(next++, flow);
    row.setString(next++, target.lane());
    row.setLong(next++, target.run());
    row.setObject(next++, bounds.start().atOffset(ZoneOffset.UTC));
    row.setObject(next++, bounds.end().atOffset(ZoneOffset.UTC));
    row.setLong(next++, window.getValue().decoded());
    row.setLong(next, window.getValue().filtered());
  }
}
