package dev.crossfade.io.jdbc;

import dev.crossfade.io.json.JsonRecords;
import dev.crossfade.transforms.results.CanonicalBytes;
import dev.crossfade.transforms.results.Conflict;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.results.RowSchema;
import dev.crossfade.transforms.results.TypedRow;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;

/** Upserts the newest result per address of each batch, in the order of the addresses. */
final class UpsertResultsFn extends BatchFn<Result, EventWindow> {
  private static final long serialVersionUID = 1L;
  private static final int MAX_BATCH = 1_000;

  private static final String CONFLICTS =
      "INSERT INTO "
          + ResultTable.SCHEMA
          + ".conflicts (flow, lane, run, window_start, window_end, key, id, content)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

  private final ResultTable table;
  private final RowSchema key;
  private final RowSchema values;
  private final RunTarget target;

  // Ordered, so that two writers that meet at the same rows lock them in the same order.
  private transient Map<ByteBuffer, Result> batch;
  private transient Set<EventWindow> windows;

  UpsertResultsFn(Database database, ResultTable table, RunTarget target) {
    super(database, target.patience(), sql(table));
    this.table = table;
    this.key = table.key();
    this.values = table.values();
    this.target = target;
  }

  private static String sql(ResultTable table) {
    Stream<String> replaced =
        Stream.concat(
                table.values().names().stream(),
                Stream.of(
                    ResultTable.FOLDED,
                    ResultTable.DUPLICATES,
                    ResultTable.TOMBSTONE,
                    ResultTable.RUN))
            .map(UpsertResultsFn::quote);
    return "INSERT INTO "
        + table.qualifiedName()
        + " AS t ("
        + quoted(table.columns())
        + ") VALUES ("
        + table.columns().names().stream().map(name -> "?").collect(Collectors.joining(", "))
        + ") ON CONFLICT ("
        + ResultTable.LANE
        + ", "
        + quoted(table.address())
        + ") DO UPDATE SET "
        + replaced.map(name -> name + " = EXCLUDED." + name).collect(Collectors.joining(", "))
        // The order of results.Version.
        + " WHERE (t.run, t.folded + t.duplicates)"
        + " < (EXCLUDED.run, EXCLUDED.folded + EXCLUDED.duplicates)";
  }

  private static String quoted(RowSchema columns) {
    return columns.names().stream().map(UpsertResultsFn::quote).collect(Collectors.joining(", "));
  }

  /** In quotes a column may be called {@code order}; its name holds none (see {@code Column}). */
  private static String quote(String column) {
    return '"' + column + '"';
  }

  @StartBundle
  public void startBundle() {
    batch = new TreeMap<>();
    windows = new HashSet<>();
  }

  @ProcessElement
  public void process(@Element Result result) throws SQLException {
    windows.add(result.window());
    batch.merge(
        address(result), result, (old, next) -> next.absorbed() > old.absorbed() ? next : old);
    if (batch.size() >= MAX_BATCH) {
      write(batch.values());
      batch.clear();
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) throws SQLException {
    write(batch.values());
    batch = null;
    for (EventWindow window : windows) {
      IntervalWindow interval = new IntervalWindow(joda(window.start()), joda(window.end()));
      context.output(window, interval.maxTimestamp(), interval);
    }
  }

  private ByteBuffer address(Result result) {
    byte[] keyBytes = CanonicalBytes.of(key, result.key());
    return ByteBuffer.allocate(keyBytes.length + Long.BYTES)
        .put(keyBytes)
        .putLong(result.window().start().toEpochMilli())
        .flip();
  }

  @Override
  void bind(Result result, PreparedStatement row) throws SQLException {
    int next = 1;
    row.setString(next++, target.resultLane());
    next = bind(result.key(), key, row, next);
    row.setObject(next++, result.window().start().atOffset(ZoneOffset.UTC));
    row.setObject(next++, result.window().end().atOffset(ZoneOffset.UTC));
    next = bind(result.values(), values, row, next);
    row.setLong(next++, result.folded());
    row.setLong(next++, result.duplicates());
    row.setBoolean(next++, result.tombstone());
    row.setLong(next, target.run());
  }

  @Override
  void writeBeside(Collection<Result> results, Connection transaction) throws SQLException {
    List<Result> contested =
        results.stream().filter(result -> !result.conflicts().isEmpty()).toList();
    if (contested.isEmpty()) {
      return;
    }
    try (PreparedStatement row = transaction.prepareStatement(CONFLICTS)) {
      for (Result result : contested) {
        for (Conflict conflict : result.conflicts()) {
          int next = 1;
          row.setString(next++, table.flow());
          row.setString(next++, target.lane());
          row.setLong(next++, target.run());
          row.setObject(next++, result.window().start().atOffset(ZoneOffset.UTC));
          row.setObject(next++, result.window().end().atOffset(ZoneOffset.UTC));
          row.setString(next++, JsonRecords.keyOf(result, table));
          row.setString(next++, conflict.id().replace("\0", "\\u0000"));
          row.setString(next, conflict.content());
          row.addBatch();
        }
      }
      row.executeBatch();
    }
  }

  private static int bind(TypedRow from, RowSchema schema, PreparedStatement row, int first)
      throws SQLException {
    int next = first;
    for (int i = 0; i < schema.size(); i++) {
      Object value = from.get(i);
      row.setObject(
          next++, value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : value);
    }
    return next;
  }

  private static org.joda.time.Instant joda(Instant instant) {
    return org.joda.time.Instant.ofEpochMilli(instant.toEpochMilli());
  }
}
