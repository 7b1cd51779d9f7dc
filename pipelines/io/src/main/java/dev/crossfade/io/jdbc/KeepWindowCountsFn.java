package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.graph.SourceSpan;
import dev.crossfade.transforms.graph.WindowCounts;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.windows.WindowShape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.values.KV;

/**
 * Keeps how many events of each window were decoded in the table {@code window_ledger}, one row per
 * run and window, and in the same transaction where they are in their sources, in the table {@code
 * window_sources}. A smaller count is older and changes nothing.
 */
final class KeepWindowCountsFn extends NewestFn<Long, KV<Long, WindowCounts>> {
  private static final long serialVersionUID = 1L;
  private static final String SQL =
      "INSERT INTO "
          + ResultTable.SCHEMA
          + ".window_ledger AS t"
          + " (flow, lane, run, window_start, window_end, decoded, filtered)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT (flow, lane, run, window_start) DO UPDATE SET"
          + " decoded = EXCLUDED.decoded, filtered = EXCLUDED.filtered"
          + " WHERE t.decoded < EXCLUDED.decoded";

  private static final String SOURCE =
      "INSERT INTO "
          + ResultTable.SCHEMA
          + ".window_sources AS t"
          + " (flow, lane, run, window_start, window_end, source, first_position, last_position,"
          + " events) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT (flow, lane, run, window_start, source) DO UPDATE SET"
          + " first_position = EXCLUDED.first_position, last_position = EXCLUDED.last_position,"
          + " events = EXCLUDED.events WHERE t.events < EXCLUDED.events";

  private final String flow;
  private final String lane;
  private final long run;
  private final WindowShape shape;

  KeepWindowCountsFn(Database database, String flow, RunTarget target, WindowShape shape) {
    super(database, target, SQL);
    this.flow = flow;
    this.lane = target.lane();
    this.run = target.run();
    this.shape = shape;
  }

  @Override
  Long keyOf(KV<Long, WindowCounts> counts) {
    return counts.getKey();
  }

  @Override
  KV<Long, WindowCounts> newerOf(KV<Long, WindowCounts> first, KV<Long, WindowCounts> second) {
    return second.getValue().decoded() > first.getValue().decoded() ? second : first;
  }

  @Override
  EventWindow windowOf(KV<Long, WindowCounts> counts) {
    return shape.windowOf(Instant.ofEpochMilli(counts.getKey()));
  }

  @Override
  void writeMore(Collection<KV<Long, WindowCounts>> elements, Connection transaction)
      throws SQLException {
    try (PreparedStatement row = transaction.prepareStatement(SOURCE)) {
      for (KV<Long, WindowCounts> element : elements) {
        EventWindow window = windowOf(element);
        // In order, as all that writers may meet at.
        for (Map.Entry<String, SourceSpan> source :
            new TreeMap<>(element.getValue().sources()).entrySet()) {
          int next = 1;
          row.setString(next++, flow);
          row.setString(next++, lane);
          row.setLong(next++, run);
          row.setObject(next++, window.start().atOffset(ZoneOffset.UTC));
          row.setObject(next++, window.end().atOffset(ZoneOffset.UTC));
          row.setString(next++, SqlText.of(source.getKey()));
          row.setLong(next++, source.getValue().first());
          row.setLong(next++, source.getValue().last());
          row.setLong(next, source.getValue().events());
          row.addBatch();
        }
      }
      row.executeBatch();
    }
  }

  @Override
  void bind(KV<Long, WindowCounts> element, PreparedStatement row) throws SQLException {
    EventWindow window = windowOf(element);
    int next = 1;
    row.setString(next++, flow);
    row.setString(next++, lane);
    row.setLong(next++, run);
    row.setObject(next++, window.start().atOffset(ZoneOffset.UTC));
    row.setObject(next++, window.end().atOffset(ZoneOffset.UTC));
    row.setLong(next++, element.getValue().decoded());
    row.setLong(next, element.getValue().filtered());
  }
}
