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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Upserts the newest result per address into the table of its flow, where a newer version replaces
 * an older one and an older one changes nothing; and in the same transaction lists the conflicts in
 * the table {@code conflicts}.
 */
final class UpsertResultsFn extends NewestFn<ByteBuffer, Result> {
  private static final long serialVersionUID = 1L;
  private static final String CONFLICT =
      "INSERT INTO "
          + ResultTable.SCHEMA
          + ".conflicts (flow, lane, run, window_start, window_end, key, id, content)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

  private final ResultTable table;
  private final RowSchema key;
  private final RowSchema values;
  private final RunTarget target;

  UpsertResultsFn(Database database, ResultTable table, RunTarget target) {
    super(database, target, sql(table));
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

  @Override
  ByteBuffer keyOf(Result result) {
    byte[] keyBytes = CanonicalBytes.of(key, result.key());
    return ByteBuffer.allocate(keyBytes.length + Long.BYTES)
        .put(keyBytes)
        .putLong(result.window().start().toEpochMilli())
        .flip();
  }

  @Override
  Result newerOf(Result first, Result second) {
    return second.absorbed() > first.absorbed() ? second : first;
  }

  @Override
  EventWindow windowOf(Result result) {
    return result.window();
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

  @Override
  void writeMore(Collection<Result> results, Connection transaction) throws SQLException {
    if (results.stream().allMatch(result -> result.conflicts().isEmpty())) {
      return;
    }
    try (PreparedStatement row = transaction.prepareStatement(CONFLICT)) {
      for (Result result : results) {
        for (Conflict conflict : result.conflicts()) {
          int next = 1;
          row.setString(next++, table.flow());
          row.setString(next++, target.lane());
          row.setLong(next++, target.run());
          row.setObject(next++, result.window().start().atOffset(ZoneOffset.UTC));
          row.setObject(next++, result.window().end().atOffset(ZoneOffset.UTC));
          row.setString(next++, SqlText.asKey(JsonRecords.keyOf(result, table)));
          row.setString(next++, SqlText.asKey(conflict.id()));
          row.setString(next, conflict.content());
          row.addBatch();
        }
      }
      row.executeBatch();
    }
  }
}
