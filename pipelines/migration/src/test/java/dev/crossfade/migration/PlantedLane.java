package dev.crossfade.migration;

import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.results.RowSchema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;

/** A lane into which a test writes what the runs of a pipeline would. */
final class PlantedLane {
  static final ResultTable TABLE =
      new ResultTable(
          "sales",
          RowSchema.of(Column.of("shop", ColumnType.TEXT)),
          RowSchema.of(
              Column.decimal("amount", 2),
              Column.decimal("tax", 2),
              Column.decimal("total", 2),
              Column.of("note", ColumnType.TEXT)));
  static final EventWindow MONDAY = day("2001-01-01");
  static final EventWindow TUESDAY = day("2001-01-02");
  static final EventWindow WEDNESDAY = day("2001-01-03");

  private final Postgres postgres;
  private final String lane;

  PlantedLane(Postgres postgres, String lane) {
    this.postgres = postgres;
    this.lane = lane;
  }

  static EventWindow day(String date) {
    Instant start = Instant.parse(date + "T00:00:00Z");
    return new EventWindow(start, start.plusSeconds(86_400));
  }

  /** The same lane as a staged run of it writes to it. */
  PlantedLane stagedBy(long run) {
    return new PlantedLane(postgres, ResultTable.stagingLane(lane, run));
  }

  void row(long run, EventWindow window, String shop, long folded, long duplicates) {
    row(run, window, shop, folded, duplicates, false);
  }

  void tombstone(long run, EventWindow window, String shop, long folded) {
    row(run, window, shop, folded, 0, true);
  }

  /** As the pipeline writes it: at one address the greater version stands. */
  private void row(
      long run, EventWindow window, String shop, long folded, long duplicates, boolean tombstone) {
    postgres.sql(
        "INSERT INTO crossfade.sales AS t (lane, shop, window_start, window_end, amount, folded,"
            + " duplicates, tombstone, run) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (lane, shop, window_start, window_end) DO UPDATE SET"
            + " amount = EXCLUDED.amount, folded = EXCLUDED.folded,"
            + " duplicates = EXCLUDED.duplicates, tombstone = EXCLUDED.tombstone,"
            + " run = EXCLUDED.run WHERE (t.run, t.folded + t.duplicates)"
            + " < (EXCLUDED.run, EXCLUDED.folded + EXCLUDED.duplicates)",
        lane,
        shop,
        window.start(),
        window.end(),
        BigDecimal.valueOf(run),
        folded,
        duplicates,
        tombstone,
        run);
  }

  /** A row with all its values, of which null is one. */
  void row(long run, EventWindow window, String shop, String note, String... amounts) {
    BigDecimal[] values =
        Arrays.stream(amounts)
            .map(amount -> amount == null ? null : new BigDecimal(amount))
            .toArray(BigDecimal[]::new);
    postgres.sql(
        "INSERT INTO crossfade.sales (lane, shop, window_start, window_end, amount, tax, total,"
            + " note, folded, duplicates, tombstone, run)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 0, false, ?)",
        lane,
        shop,
        window.start(),
        window.end(),
        values[0],
        values[1],
        values[2],
        note,
        run);
  }

  void close(long run, EventWindow... windows) {
    for (EventWindow window : windows) {
      postgres.sql(
          "INSERT INTO crossfade.closed_windows (flow, lane, window_start, window_end, run)"
              + " VALUES (?, ?, ?, ?, ?)",
          TABLE.flow(),
          lane,
          window.start(),
          window.end(),
          run);
    }
  }

  void decoded(long run, EventWindow window, long decoded, long filtered) {
    postgres.sql(
        "INSERT INTO crossfade.window_ledger"
            + " (flow, lane, run, window_start, window_end, decoded, filtered)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        TABLE.flow(),
        lane,
        run,
        window.start(),
        window.end(),
        decoded,
        filtered);
  }

  void origin(
      long run,
      String source,
      long decoded,
      long outside,
      long undecodable,
      long withoutContent,
      long nextPosition) {
    postgres.sql(
        "INSERT INTO crossfade.origin_ledger (flow, lane, run, source, decoded, outside,"
            + " undecodable, without_content, next_position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        TABLE.flow(),
        lane,
        run,
        source,
        decoded,
        outside,
        undecodable,
        withoutContent,
        nextPosition);
  }

  void conflict(long run, EventWindow window, String shop, String id) {
    postgres.sql(
        "INSERT INTO crossfade.conflicts"
            + " (flow, lane, run, window_start, window_end, key, id, content)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, 'ff')",
        TABLE.flow(),
        lane,
        run,
        window.start(),
        window.end(),
        "{\"shop\":\"" + shop + "\"}",
        id);
  }

  /** A dead letter that is no event. */
  void undecodable(long run, String origin) {
    letter(run, origin, null, "DECODE", "UndecodableException");
  }

  /** A dead letter that is an event of a window. */
  void dead(long run, String origin, EventWindow window) {
    letter(run, origin, window, "COMPUTE", "ArithmeticException");
  }

  /** As the pipeline writes it: the run with the greatest number decides. */
  private void letter(long run, String origin, EventWindow window, String step, String cause) {
    postgres.sql(
        "INSERT INTO crossfade.dead_letters AS d (flow, lane, origin, step, cause, message, bytes,"
            + " event_time, window_start, window_end, retryable, logic, first_run, run, first_seen,"
            + " last_seen)"
            + " VALUES (?, ?, ?, ?, ?, 'is wrong', '\\x616263', ?::timestamptz, ?::timestamptz,"
            + " ?::timestamptz, false, 'l1', ?, ?, now(), now()) ON CONFLICT (flow, lane, origin) DO UPDATE SET"
            + " run = EXCLUDED.run, step = EXCLUDED.step, cause = EXCLUDED.cause,"
            + " window_start = EXCLUDED.window_start, window_end = EXCLUDED.window_end,"
            + " last_seen = clock_timestamp(),"
            + " attempts = d.attempts + CASE WHEN d.run < EXCLUDED.run THEN 1 ELSE 0 END,"
            + " status = CASE WHEN d.status = 'REPLAYED' AND EXCLUDED.run > d.resolved_by"
            + " THEN 'OPEN' ELSE d.status END WHERE d.run <= EXCLUDED.run",
        TABLE.flow(),
        lane,
        origin,
        step,
        cause,
        window == null ? null : window.start(),
        window == null ? null : window.start(),
        window == null ? null : window.end(),
        run,
        run);
  }

  void late(long run, String origin, EventWindow window) {
    postgres.sql(
        "INSERT INTO crossfade.late_records (flow, lane, origin, event_time, window_start,"
            + " window_end, behind_millis, bytes, run) VALUES (?, ?, ?, ?, ?, ?, 5, '', ?)",
        TABLE.flow(),
        lane,
        origin,
        window.start(),
        window.start(),
        window.end(),
        run);
  }
}
