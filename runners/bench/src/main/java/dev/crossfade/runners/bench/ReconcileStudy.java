package dev.crossfade.runners.bench;

import dev.crossfade.migration.Comparison;
import dev.crossfade.migration.Database;
import dev.crossfade.migration.LaneTable;
import dev.crossfade.migration.Reconcile;
import dev.crossfade.migration.Store;
import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.results.RowSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long it takes to compare two lanes of five million rows in a thousand windows, when they are
 * equal and when a hundred rows differ, against what else there is: the counting of both lanes, a
 * join by PostgreSQL, and a join by DuckDB over a copy.
 *
 * <p>Ratios above 1 say that {@code reconcile} is faster. {@code reconcile_equal_vs_count} is the
 * time of {@code SELECT count(*) FROM t WHERE lane = ? AND NOT tombstone} of both lanes over that
 * of {@code reconcile} of equal lanes, 0.5 if that takes twice as long. A lane is its rows that are
 * no tombstones, so this is a scan of what is compared. Tombstones included, PostgreSQL counts from
 * an index alone and reads no row; {@code reconcile_equal_vs_index_count} is against that.
 */
final class ReconcileStudy {
  private static final int ROWS = 5_000_000;
  private static final int WINDOWS = 1_000;
  private static final int DIFFERENCES = 100;
  private static final int ROUNDS = 3;

  private static final ResultTable TABLE =
      new ResultTable(
          "bench-lanes",
          RowSchema.of(Column.of("shop", ColumnType.TEXT)),
          RowSchema.of(Column.of("orders", ColumnType.BIGINT), Column.decimal("takings", 2)));
  private static final String LANES = TABLE.qualifiedName();
  private static final LaneTable BATCH = LaneTable.of(TABLE, "batch");
  private static final LaneTable STREAM = LaneTable.of(TABLE, "stream");

  private final Database database;
  private final Connection postgres;
  private final int keys;
  private final Map<Timed, List<Measured>> measured = new EnumMap<>(Timed.class);

  /** What is timed in every round. */
  private enum Timed {
    INDEX_COUNT,
    COUNT,
    EQUAL,
    DIFFERENT,
    FULL_OUTER_JOIN,
    DUCKDB
  }

  /** Something that takes time. */
  @FunctionalInterface
  private interface Work {
    void run() throws SQLException;
  }

  private ReconcileStudy(Database database, Connection postgres, double scale) {
    this.database = database;
    this.postgres = postgres;
    keys = Math.max(1, (int) (ROWS * scale / WINDOWS));
  }

  /** Makes the lanes and measures; the database is entered twice, by SQL and as users do. */
  static Findings measure(Database database, Connection postgres, double scale)
      throws SQLException {
    return new ReconcileStudy(database, postgres, scale).findings();
  }

  private Findings findings() throws SQLException {
    try (Store store = Store.open(database)) {
      store.prepare(TABLE);
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("rowsOfALane", (long) keys * WINDOWS);
    fill("batch");
    fill("stream");
    execute(postgres, "VACUUM ANALYZE " + LANES + ", crossfade.closed_windows");
    try (DuckLanes duck = DuckLanes.open(postgres, LANES)) {
      figures.put("duckdbLoadSeconds", Ratio.rounded(duck.loadSeconds()));
      for (int round = 1; round <= ROUNDS; round++) {
        round(duck);
      }
    }
    figures.put("everyRowSeconds", everyRow());
    execute(postgres, "DROP TABLE " + LANES);
    execute(postgres, "DELETE FROM crossfade.closed_windows WHERE flow = '" + TABLE.flow() + "'");
    return new Findings(ratios(), seconds(figures));
  }

  private void round(DuckLanes duck) throws SQLException {
    time(
        Timed.INDEX_COUNT,
        () -> {
          expect((long) keys * WINDOWS, count("lane = 'batch'"));
          expect((long) keys * WINDOWS, count("lane = 'stream'"));
        });
    time(
        Timed.COUNT,
        () -> {
          expect((long) keys * WINDOWS, count("lane = 'batch' AND NOT tombstone"));
          expect((long) keys * WINDOWS, count("lane = 'stream' AND NOT tombstone"));
        });
    time(Timed.EQUAL, () -> compare(0));
    change(1);
    time(Timed.DIFFERENT, () -> compare(DIFFERENCES));
    time(Timed.FULL_OUTER_JOIN, () -> expect(DIFFERENCES, DuckLanes.differences(postgres, LANES)));
    time(Timed.DUCKDB, () -> expect(0, duck.differences()));
    change(-1);
    // What a change leaves behind is not what is measured.
    execute(postgres, "VACUUM " + LANES);
  }

  private void compare(int differences) throws SQLException {
    Comparison found = Reconcile.in(database).compare(BATCH, STREAM);
    expect(differences, found.differenceCount());
    expect(differences, found.differences().size());
    expect((long) keys * WINDOWS, found.leftRows());
    found
        .differences()
        .forEach(
            difference -> {
              if (!difference.column().equals("orders")
                  || !difference.key().get("shop").equals(odd())) {
                throw new IllegalStateException(difference + " is no difference");
              }
            });
  }

  private double everyRow() throws SQLException {
    long started = System.nanoTime();
    Comparison found = Reconcile.in(database).readingEveryRow().compare(BATCH, STREAM);
    expect(0, found.differenceCount());
    return Ratio.rounded((System.nanoTime() - started) / 1e9);
  }

  /** One row in each of a hundred windows that are spread over the lane. */
  private void change(int by) throws SQLException {
    int step = WINDOWS / DIFFERENCES;
    execute(
        postgres,
        "UPDATE "
            + LANES
            + " SET orders = orders + "
            + by
            + " WHERE lane = 'stream' AND shop = '"
            + odd()
            + "' AND extract(epoch FROM window_start)::bigint / 60 % "
            + step
            + " = 0");
  }

  private String odd() {
    return "shop-" + (keys + 1) / 2;
  }

  /** Window by window, as a lane writes them. */
  private void fill(String lane) throws SQLException {
    String start = "timestamptz '2026-01-01 00:00:00Z' + w * interval '1 minute'";
    execute(
        postgres,
        "INSERT INTO "
            + LANES
            + " (lane, shop, window_start, window_end, orders, takings, folded, duplicates,"
            + " tombstone, run) SELECT '"
            + lane
            + "', 'shop-' || k, "
            + start
            + ", "
            + start
            + " + interval '1 minute', (k * w) % 1000, (k * w) % 1000 * 1.25, 10, 0, false, 1"
            + " FROM generate_series(0, "
            + (WINDOWS - 1)
            + ") AS w CROSS JOIN LATERAL generate_series(1, "
            + keys
            + " + 0 * w) AS k");
    execute(
        postgres,
        "INSERT INTO crossfade.closed_windows (flow, lane, window_start, window_end, run) SELECT '"
            + TABLE.flow()
            + "', '"
            + lane
            + "', "
            + start
            + ", "
            + start
            + " + interval '1 minute', 1 FROM generate_series(0, "
            + (WINDOWS - 1)
            + ") AS w");
  }

  private long count(String where) throws SQLException {
    try (Statement statement = postgres.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT count(*) FROM " + LANES + " WHERE " + where)) {
      row.next();
      return row.getLong(1);
    }
  }

  private void time(Timed what, Work work) throws SQLException {
    long started = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - started) / 1e9;
    measured
        .computeIfAbsent(what, key -> new ArrayList<>())
        .add(new Measured(seconds, Double.NaN, Double.NaN, Measured.Outcome.EQUAL));
  }

  private Map<String, Ratio> ratios() {
    Map<String, Ratio> ratios = new LinkedHashMap<>();
    ratios.put("reconcile_equal_vs_count", ratio(Timed.EQUAL, Timed.COUNT));
    ratios.put("reconcile_equal_vs_index_count", ratio(Timed.EQUAL, Timed.INDEX_COUNT));
    ratios.put("reconcile_differences_vs_equal", ratio(Timed.DIFFERENT, Timed.EQUAL));
    ratios.put("reconcile_vs_full_outer_join", ratio(Timed.DIFFERENT, Timed.FULL_OUTER_JOIN));
    ratios.put("reconcile_vs_duckdb", ratio(Timed.EQUAL, Timed.DUCKDB));
    return ratios;
  }

  private Ratio ratio(Timed faster, Timed slower) {
    return Ratio.of(measured.get(faster), measured.get(slower)).orElseThrow();
  }

  private Map<String, Object> seconds(Map<String, Object> figures) {
    figures.put("countSeconds", median(Timed.COUNT));
    figures.put("indexCountSeconds", median(Timed.INDEX_COUNT));
    figures.put("equalSeconds", median(Timed.EQUAL));
    figures.put("differencesSeconds", median(Timed.DIFFERENT));
    figures.put("fullOuterJoinSeconds", median(Timed.FULL_OUTER_JOIN));
    figures.put("duckdbSeconds", median(Timed.DUCKDB));
    return figures;
  }

  private double median(Timed what) {
    return Ratio.rounded(
        Ratio.median(measured.get(what).stream().map(Measured::wallSeconds).sorted().toList()));
  }

  private static void expect(long expected, long found) {
    if (found != expected) {
      throw new IllegalStateException("expected " + expected + " and found " + found);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
