package dev.crossfade.migration;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.migration.Comparison.Evidence;
import dev.crossfade.migration.Comparison.Verdict;
import dev.crossfade.migration.Difference.Kind;
import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.results.RowSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashedLanesTest {
  private static final ResultTable TABLE =
      new ResultTable(
          "sums",
          RowSchema.of(Column.of("order", ColumnType.BIGINT)),
          RowSchema.of(
              Column.of("many", ColumnType.BIGINT),
              Column.decimal("paid", 2),
              Column.of("note", ColumnType.TEXT),
              Column.of("memo", ColumnType.TEXT),
              Column.of("last_at", ColumnType.TIMESTAMP)));
  private static final String ROWS = TABLE.qualifiedName();
  private static final Instant START = Instant.parse("2001-01-01T00:00:00Z");
  private static final LaneTable BATCH = LaneTable.of(TABLE, "batch");
  private static final LaneTable STREAM = LaneTable.of(TABLE, "stream");

  private Postgres postgres;

  @BeforeEach
  void prepare() {
    postgres = Postgres.database();
    prepareAgain(TABLE);
  }

  @AfterEach
  void close() {
    postgres.close();
  }

  /** PostgreSQL's own hashes of each of these pairs are the same: see {@link RowHashes}. */
  @ParameterizedTest
  @CsvSource({
    "many, 1, 4294967296",
    "many, -1, -4294967296",
    "paid, 5.00, -5.00",
    "paid, 5.00, 'NaN'",
    "last_at, '1999-12-31T23:59:59.999999Z', '1999-12-31T22:48:25.032705Z'",
    "last_at, 'infinity', '-infinity'",
    "note, '', NULL",
  })
  void tellsApartWhatTheTypesOwnHashesDoNot(String column, String left, String right) {
    fill(1, 10);
    set("batch", column, left, 3);
    set("stream", column, right, 3);

    Comparison found = compare();

    assertThat(found.counts().get(Kind.VALUE), is(1L));
    assertThat(found.differences().get(0).column(), is(column));
  }

  /**
   * In many windows: sums of hashes that are not hashed once more differ by multiples of 2^64 then,
   * and by none in some of them.
   */
  @Test
  void seesThatTwoRowsOfAWindowHaveSwappedTheirValues() {
    fill(400, 4);
    set("stream", "many", "4", 3);
    set("stream", "many", "3", 4);

    assertThat(compare().differences(), hasSize(800));
  }

  @Test
  void seesThatTwoWindowsHaveSwappedARow() {
    fill(2, 1);
    postgres.sql(
        "UPDATE " + ROWS + " SET many = CASE window_start WHEN ? THEN 8 ELSE 7 END", START);
    postgres.sql(
        "UPDATE "
            + ROWS
            + " SET many = CASE window_start WHEN ? THEN 7 ELSE 8 END WHERE lane = 'stream'",
        START);

    assertThat(compare().differences(), hasSize(2));
  }

  @Test
  void seesThatTwoColumnsOfARowHaveSwappedTheirValues() {
    fill(1, 10);
    set("batch", "note", "'x'", 3);
    set("stream", "memo", "'x'", 3);

    assertThat(compare().counts().get(Kind.VALUE), is(2L));
  }

  @Test
  void readsOnlyWhatDiffers() {
    fill(3, 50);
    set("stream", "note", "'changed'", 7);

    Comparison found = compare();

    assertThat(found.counts().get(Kind.VALUE), is(3L));
    assertThat(found.windows().get(window(1)), is(new WindowCounts(50, 50, 49)));
  }

  @Test
  void namesAHundredDifferencesOfAllKinds() {
    fill(40, 50);
    postgres.sql("UPDATE " + ROWS + " SET note = 'x' WHERE lane = 'stream' AND \"order\" = 9");
    postgres.sql("DELETE FROM " + ROWS + " WHERE lane = 'stream' AND \"order\" = 17");
    postgres.sql(
        "DELETE FROM " + ROWS + " WHERE lane = 'batch' AND \"order\" = 41 AND window_start < ?",
        window(20).start());

    Comparison found = compare();

    assertThat(found.counts().get(Kind.VALUE), is(40L));
    assertThat(found.counts().get(Kind.MISSING_RIGHT), is(40L));
    assertThat(found.counts().get(Kind.MISSING_LEFT), is(20L));
    assertThat(found.differences(), hasSize(100));
  }

  @Test
  void tellsApartWindowsThatStartTogether() {
    fill(2, 10);
    EventWindow both = new EventWindow(window(0).start(), window(1).end());
    postgres.sql("UPDATE " + ROWS + " SET window_end = ? WHERE \"order\" > 7", both.end());
    postgres.sql("UPDATE crossfade.closed_windows SET window_end = ?", both.end());
    set("stream", "many", "-1", 9);

    Comparison found = compare();

    assertThat(found.windows().get(both), is(new WindowCounts(3, 3, 2)));
    assertThat(found.notClosedLeft(), is(1L));
  }

  @Test
  void readsWholeWindowsIfTooManyRowsDifferToNameThem() {
    fill(1, 60_000);
    postgres.sql("UPDATE " + ROWS + " SET many = -1 WHERE lane = 'stream'");

    Comparison found = Reconcile.in(postgres.asOwner()).listing(1).compare(BATCH, STREAM);

    assertThat(found.evidence(), is(Evidence.ROW_HASHES));
    assertThat(found.counts().get(Kind.VALUE), is(60_000L));
    assertThat(found.equalRows(), is(0L));
  }

  @Test
  void readsEverythingIfTooManyWindowsDiffer() {
    fill(10_001, 1);
    postgres.sql("UPDATE " + ROWS + " SET many = -1 WHERE lane = 'stream'");

    Comparison found = Reconcile.in(postgres.asOwner()).listing(1).compare(BATCH, STREAM);

    assertThat(found.evidence(), is(Evidence.EVERY_ROW));
    assertThat(found.counts().get(Kind.VALUE), is(10_001L));
  }

  @Test
  void letsNobodyWriteAHash() {
    fill(1, 1);

    assertThat(
        assertThrows(
                IllegalStateException.class,
                () -> postgres.sql("UPDATE " + ROWS + " SET \"row$hash1\" = 1"))
            .getCause()
            .getMessage(),
        containsString("row$hash1"));
  }

  @Test
  void doesNotBelieveAHashThatNoLongerFollowsTheValues() {
    fill(1, 10);
    postgres.sql("ALTER TABLE " + ROWS + " ALTER COLUMN \"row$hash1\" DROP EXPRESSION");
    postgres.sql("ALTER TABLE " + ROWS + " ALTER COLUMN \"row$hash2\" DROP EXPRESSION");
    set("stream", "many", "-1", 3);

    assertThat(compare().verdict(), is(Verdict.DIFFERENT));
    assertThat(evidence(), is(Evidence.EVERY_ROW));
  }

  @Test
  void doesNotBelieveAHashOverSomethingElse() {
    fill(1, 10);
    for (String hash : List.of("row$hash1", "row$hash2")) {
      postgres.sql("ALTER TABLE " + ROWS + " DROP COLUMN \"" + hash + "\"");
      postgres.sql(
          "ALTER TABLE "
              + ROWS
              + " ADD COLUMN \""
              + hash
              + "\" bigint GENERATED ALWAYS AS (many * 0) STORED");
    }
    set("stream", "many", "-1", 3);

    assertThat(compare().verdict(), is(Verdict.DIFFERENT));
    assertThat(evidence(), is(Evidence.EVERY_ROW));

    prepareAgain(TABLE);
    assertThat(compare().verdict(), is(Verdict.DIFFERENT));
    assertThat(evidence(), is(Evidence.ROW_HASHES));
  }

  @Test
  void givesATableOfAnOlderCrossfadeItsHashes() {
    fill(2, 10);
    postgres.sql("ALTER TABLE " + ROWS + " DROP COLUMN \"row$hash1\", DROP COLUMN \"row$hash2\"");
    assertThat(compare().verdict(), is(Verdict.EQUAL));
    assertThat(evidence(), is(Evidence.EVERY_ROW));

    prepareAgain(TABLE);

    assertThat(compare().equalRows(), is(20L));
    assertThat(evidence(), is(Evidence.ROW_HASHES));
  }

  @Test
  void saysWhoMayGiveATableItsHashes() {
    fill(1, 1);
    postgres.sql("ALTER TABLE " + ROWS + " DROP COLUMN \"row$hash1\"");
    postgres.sql("GRANT USAGE ON SCHEMA crossfade TO stranger");
    postgres.sql("GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA crossfade TO stranger");

    try (Store stranger = Store.open(postgres.as("stranger"))) {
      assertThat(
          assertThrows(StoreException.class, () -> stranger.prepare(TABLE)).getMessage(),
          allOf(containsString("must be owner of table sums"), containsString("row$hash1")));
    }
  }

  @Test
  void saysWhatStandsInTheWayOfNewHashes() {
    fill(1, 1);
    postgres.sql("CREATE VIEW crossfade.seen AS SELECT * FROM " + ROWS);
    postgres.sql("ALTER TABLE " + ROWS + " ALTER COLUMN \"row$hash1\" DROP EXPRESSION");

    try (Store store = Store.open(postgres.asOwner())) {
      assertThat(
          assertThrows(StoreException.class, () -> store.prepare(TABLE)).getMessage(),
          allOf(containsString("row$hash1"), containsString("such as a view with SELECT *")));
    }
  }

  @Test
  void doesNotWriteATableAnewThatKeepsItsHashes() {
    fill(1, 1);
    List<String> before = postgres.texts("SELECT pg_relation_filenode('" + ROWS + "')::text");

    prepareAgain(TABLE);

    assertThat(postgres.texts("SELECT pg_relation_filenode('" + ROWS + "')::text"), is(before));
  }

  @Test
  void hashesAColumnThatAFlowHasGotSince() {
    fill(1, 10);
    List<Column> values = new ArrayList<>(TABLE.values().columns());
    values.add(Column.of("late", ColumnType.BOOLEAN));
    ResultTable wider = new ResultTable(TABLE.flow(), TABLE.key(), new RowSchema(values));
    postgres.sql("ALTER TABLE " + ROWS + " ADD COLUMN late boolean");

    prepareAgain(wider);
    postgres.sql("UPDATE " + ROWS + " SET late = true WHERE lane = 'stream' AND \"order\" = 3");

    Comparison found =
        Reconcile.in(postgres.asOwner())
            .compare(LaneTable.of(wider, "batch"), LaneTable.of(wider, "stream"));
    assertThat(found.evidence(), is(Evidence.ROW_HASHES));
    assertThat(found.counts().get(Kind.VALUE), is(1L));
  }

  @Test
  void putsARunInPlaceWithItsHashes() {
    fill(1, 10);
    try (Store store = Store.open(postgres.asOwner())) {
      try (RunLease lease = store.begin(RunRequest.bounded(TABLE.flow(), "batch", "direct"))) {
        String stage = ResultTable.stagingLane("batch", lease.run());
        postgres.sql("UPDATE " + ROWS + " SET lane = ? WHERE lane = 'batch'", stage);
        postgres.sql("UPDATE crossfade.closed_windows SET lane = ? WHERE lane = 'batch'", stage);
        postgres.sql("UPDATE " + ROWS + " SET run = ? WHERE lane = ?", lease.run(), stage);
        store.putInPlace(TABLE, "batch", lease.runAttempt(), Optional.empty(), List.of());
      }
    }

    assertThat(compare().verdict(), is(Verdict.EQUAL));
    assertThat(evidence(), is(Evidence.ROW_HASHES));
  }

  private Comparison compare() {
    return BothWays.compare(postgres.asOwner(), BATCH, STREAM);
  }

  private Evidence evidence() {
    return Reconcile.in(postgres.asOwner()).compare(BATCH, STREAM).evidence();
  }

  private void prepareAgain(ResultTable table) {
    try (Store store = Store.open(postgres.asOwner())) {
      store.prepare(table);
    }
  }

  private void set(String lane, String column, String value, int order) {
    postgres.sql(
        "UPDATE "
            + ROWS
            + " SET "
            + column
            + " = "
            + literal(column, value)
            + " WHERE lane = ? AND \"order\" = ?",
        lane,
        order);
  }

  // The CSV takes the quotes off.
  private static String literal(String column, String value) {
    boolean quoted = value.startsWith("'") || value.equals("NULL") || column.equals("many");
    return quoted ? value : "'" + value + "'";
  }

  /** Both lanes alike: windows of an hour, all closed, and keys from 1 on in each. */
  private void fill(int windows, int keys) {
    for (String lane : List.of("batch", "stream")) {
      postgres.sql(
          "INSERT INTO "
              + ROWS
              + " SELECT ?, k, ?::timestamptz + w * interval '1 hour',"
              + " ?::timestamptz + (w + 1) * interval '1 hour', k, k / 4.0, NULL, NULL, NULL, 1, 0,"
              + " false, 1 FROM generate_series(0, ? - 1) AS w, generate_series(1, ?) AS k",
          lane,
          START,
          START,
          windows,
          keys);
      postgres.sql(
          "INSERT INTO crossfade.closed_windows (flow, lane, window_start, window_end, run)"
              + " SELECT ?, ?, ?::timestamptz + w * interval '1 hour',"
              + " ?::timestamptz + (w + 1) * interval '1 hour', 1"
              + " FROM generate_series(0, ? - 1) AS w",
          TABLE.flow(),
          lane,
          START,
          START,
          windows);
    }
  }

  private static EventWindow window(int hour) {
    Instant start = START.plusSeconds(3600L * hour);
    return new EventWindow(start, start.plusSeconds(3600));
  }
}
