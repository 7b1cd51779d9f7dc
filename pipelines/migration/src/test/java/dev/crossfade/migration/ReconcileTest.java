package dev.crossfade.migration;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.migration.Comparison.Verdict;
import dev.crossfade.migration.Difference.Kind;
import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.results.RowSchema;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReconcileTest {
  private static final ResultTable TABLE =
      new ResultTable(
          "delays",
          RowSchema.of(Column.of("origin", ColumnType.TEXT), Column.of("gate", ColumnType.BIGINT)),
          RowSchema.of(
              Column.of("late", ColumnType.BIGINT),
              Column.decimal("minutes", 2),
              Column.of("carrier", ColumnType.TEXT),
              Column.of("holiday", ColumnType.BOOLEAN),
              Column.of("day", ColumnType.DATE),
              Column.of("last_at", ColumnType.TIMESTAMP)));
  private static final String ROWS = TABLE.qualifiedName();
  private static final String COLUMNS = String.join(", ", TABLE.columns().names());
  private static final EventWindow MONDAY = day("2001-01-01");
  private static final EventWindow TUESDAY = day("2001-01-02");
  private static final EventWindow WEDNESDAY = day("2001-01-03");
  private static final LaneTable BATCH = LaneTable.of(TABLE, "batch");
  private static final LaneTable STREAM = LaneTable.of(TABLE, "stream");
  private static final LaneTable LEGACY = LaneTable.legacy(TABLE, "reports.delays");

  /** U+FF61: one unit in UTF-16, three bytes in UTF-8. */
  private static final String STOP = "\uff61";

  /** U+1F600: two units in UTF-16, which sort before U+FF61, and four bytes, which sort after. */
  private static final String FACE = "\ud83d\ude00";

  private static final List<String> HOSTILE_KEYS =
      List.of(
          "",
          " ",
          "'",
          "\"",
          "\\",
          "a\nb",
          "a\tb",
          "\u0001",
          "a",
          "A",
          "Z",
          "é",
          "e\u0301",
          "ß",
          "\ud7ff",
          "\ue000",
          STOP,
          FACE,
          STOP + FACE,
          FACE + STOP,
          "\udbff\udfff",
          "null");

  private Postgres postgres;

  @BeforeEach
  void prepare() {
    postgres = Postgres.database();
    try (Store store = Store.open(postgres.asOwner())) {
      store.prepare(TABLE);
    }
  }

  @AfterEach
  void close() {
    postgres.close();
  }

  @Test
  void findsEqualLanesEqual() {
    fillBoth();

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.EQUAL));
    assertThat(found.flow(), is("delays"));
    assertThat(found.left(), is("batch"));
    assertThat(found.right(), is("stream"));
    assertThat(found.leftRows(), is(4L));
    assertThat(found.rightRows(), is(4L));
    assertThat(found.equalRows(), is(4L));
    assertThat(found.differences(), empty());
    assertThat(found.differenceCount(), is(0L));
    assertThat(found.windows().keySet(), contains(MONDAY, TUESDAY));
    assertThat(found.windows().get(TUESDAY), is(new WindowCounts(2, 2, 2)));
    assertThat(found.leftDigest().orElseThrow(), is(found.rightDigest().orElseThrow()));
    assertThat(found.notClosedLeft() + found.notClosedRight(), is(0L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          late    | 4                                  | 3                           | 4
          late    | NULL                               | 3                           |
          minutes | 12.51                              | 12.50                       | 12.51
          minutes | 'NaN'                              | 12.50                       | NaN
          carrier | 'ua'                               | UA                          | ua
          carrier | 'UA '                              | UA                          | 'UA '
          holiday | true                               | false                       | true
          day     | '2001-01-03'                       | 2001-01-02                  | 2001-01-03
          day     | 'infinity'                         | 2001-01-02                  | infinity
          last_at | '2001-01-02T10:00:00.000001-06:00' | 2001-01-02T16:00:00Z        | 2001-01-02T16:00:00.000001Z
          last_at | '-infinity'                        | 2001-01-02T16:00:00Z        | -infinity
          """)
  void namesKeyWindowColumnAndBothValuesOfAValueChangedByHand(
      String column, String sqlValue, String before, String after) {
    fillBoth();
    // The CSV takes the quotes off.
    String literal = sqlValue.equals("NULL") ? sqlValue : "'" + sqlValue + "'";
    int changed =
        postgres.sql(
            "UPDATE "
                + ROWS
                + " SET "
                + column
                + " = "
                + literal
                + " WHERE lane = 'stream'"
                + " AND origin = 'JFK' AND window_start = ?",
            TUESDAY.start());
    assertThat(changed, is(1));

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.DIFFERENT));
    assertThat(
        found.differences(),
        contains(
            new Difference(
                Kind.VALUE,
                Map.of("origin", "JFK", "gate", "7"),
                TUESDAY,
                column,
                before,
                after,
                1,
                1)));
    assertThat(found.counts().get(Kind.VALUE), is(1L));
    assertThat(found.equalRows(), is(3L));
    assertThat(found.windows().get(MONDAY).differingRows(), is(0L));
    assertThat(found.windows().get(TUESDAY).differingRows(), is(1L));
    assertThat(
        found.leftDigest().orElseThrow().rows(), not(found.rightDigest().orElseThrow().rows()));
    assertThat(
        "only this column's digests differ",
        found.leftDigest().orElseThrow().columns().entrySet().stream()
            .filter(
                e ->
                    !e.getValue()
                        .equals(found.rightDigest().orElseThrow().columns().get(e.getKey())))
            .map(Map.Entry::getKey)
            .toList(),
        contains(column));
  }

  @Test
  void tellsNullFromTheEmptyText() {
    fillBoth();
    postgres.sql("UPDATE " + ROWS + " SET carrier = '' WHERE lane = 'batch'");
    postgres.sql("UPDATE " + ROWS + " SET carrier = NULL WHERE lane = 'stream'");

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.counts().get(Kind.VALUE), is(4L));
    assertThat(found.differences().get(0).left(), is(""));
    assertThat(found.differences().get(0).right(), nullValue());
    assertThat(
        found.differences().get(0).toString(), containsString("carrier is '' left and null right"));
  }

  @Test
  void findsARowThatOneLaneLacks() {
    fillBoth();
    postgres.sql(
        "DELETE FROM " + ROWS + " WHERE lane = 'stream' AND origin = 'JFK' AND window_start = ?",
        MONDAY.start());
    postgres.sql(
        "DELETE FROM " + ROWS + " WHERE lane = 'batch' AND origin = 'ATL' AND window_start = ?",
        TUESDAY.start());

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.DIFFERENT));
    assertThat(found.equalRows(), is(2L));
    assertThat(
        found.differences(),
        contains(
            new Difference(Kind.MISSING_LEFT, key("ATL"), TUESDAY, null, null, null, 0, 1),
            new Difference(Kind.MISSING_RIGHT, key("JFK"), MONDAY, null, null, null, 1, 0)));
    assertThat(found.windows().get(MONDAY), is(new WindowCounts(2, 1, 1)));
    assertThat(found.windows().get(TUESDAY).differingRows(), is(1L));
  }

  @Test
  void findsARowThatIsThereTwice() {
    fillBoth();
    postgres.sql("ALTER TABLE " + ROWS + " DROP CONSTRAINT delays_pkey");
    postgres.sql(
        "INSERT INTO "
            + ROWS
            + " ("
            + COLUMNS
            + ") SELECT "
            + COLUMNS
            + " FROM "
            + ROWS
            + " WHERE lane = 'stream' AND origin = 'JFK' AND window_start = ?",
        MONDAY.start());

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.DIFFERENT));
    assertThat(
        found.differences(),
        contains(new Difference(Kind.MULTIPLICITY, key("JFK"), MONDAY, null, null, null, 1, 2)));
    assertThat("one of the two has its like", found.equalRows(), is(4L));
    assertThat(found.windows().get(MONDAY), is(new WindowCounts(2, 3, 2)));
  }

  @Test
  void doesNotLetAPairOfEqualRowsHideBehindAnotherPair() {
    legacyTable("origin text, gate bigint, late bigint");
    fill("batch", MONDAY);
    postgres.close(TABLE, "batch", MONDAY);
    legacyCopy("batch");
    legacyCopy("batch");
    postgres.sql("UPDATE reports.delays SET late = late + 1 WHERE origin = 'ATL'");

    Comparison found = compare(BATCH, LEGACY);

    assertThat(found.counts().get(Kind.MULTIPLICITY), is(2L));
    assertThat(found.counts().get(Kind.VALUE), is(1L));
    assertThat(found.rightRows(), is(4L));
    assertThat(found.equalRows(), is(1L));
  }

  @Test
  void mergesKeysInOneOrderWhateverTheyHold() {
    assertThat("UTF-16 has another order", STOP.compareTo(FACE) > 0, is(true));
    for (String lane : List.of("batch", "stream")) {
      for (String key : HOSTILE_KEYS) {
        postgres.row(TABLE, lane, MONDAY, List.of(key, -1L), values());
        postgres.row(TABLE, lane, MONDAY, List.of(key, 10L), values());
      }
      postgres.close(TABLE, lane, MONDAY);
    }

    assertThat(compare(BATCH, STREAM).verdict(), is(Verdict.EQUAL));

    postgres.sql("DELETE FROM " + ROWS + " WHERE lane = 'batch' AND origin = ?", STOP);
    postgres.sql("DELETE FROM " + ROWS + " WHERE lane = 'stream' AND origin = ?", "a\nb");
    Comparison found = compare(BATCH, STREAM);
    assertThat(found.counts().get(Kind.MISSING_LEFT), is(2L));
    assertThat(found.counts().get(Kind.MISSING_RIGHT), is(2L));
    assertThat(found.equalRows(), is(HOSTILE_KEYS.size() * 2L - 4));
    assertThat(
        found.differences().stream().map(d -> d.key().get("origin")).collect(Collectors.toSet()),
        containsInAnyOrder(STOP, "a\nb"));
    assertThat("one line", found.differences().get(0).toString(), not(containsString("\n")));
  }

  @Test
  void mergesKeysOfALegacyTableThatSortsByALanguage() {
    legacyTable("origin text COLLATE \"und-x-icu\", gate bigint");
    for (String key : HOSTILE_KEYS) {
      postgres.row(TABLE, "batch", MONDAY, List.of(key, 10L), values());
    }
    postgres.close(TABLE, "batch", MONDAY);
    legacyCopy("batch");

    Comparison found = compare(LEGACY, BATCH);

    assertThat(found.verdict(), is(Verdict.EQUAL));
    assertThat(found.equalRows(), is((long) HOSTILE_KEYS.size()));
  }

  @Test
  void leavesOutAWindowThatOneLaneHasNotClosed() {
    fillBoth();
    postgres.stream(TABLE, "stream", 1, null);
    fill("batch", WEDNESDAY);
    postgres.close(TABLE, "batch", WEDNESDAY);
    postgres.row(TABLE, "stream", WEDNESDAY, List.of("ATL", 7L), values());
    postgres.row(TABLE, "stream", day("2001-01-04"), List.of("ATL", 7L), values());

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.EQUAL));
    assertThat(found.windows().keySet(), contains(MONDAY, TUESDAY));
    assertThat("the fourth of January", found.notClosedLeft(), is(1L));
    assertThat("that and Wednesday", found.notClosedRight(), is(2L));
    assertThat(found.rightRows(), is(4L));
  }

  @Test
  void comparesAClosedWindowInWhichALaneHasNoRow() {
    fillBoth();
    fill("batch", WEDNESDAY);
    postgres.close(TABLE, "batch", WEDNESDAY);
    postgres.close(TABLE, "stream", WEDNESDAY);

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.DIFFERENT));
    assertThat(found.counts().get(Kind.MISSING_RIGHT), is(2L));
    assertThat(found.windows().get(WEDNESDAY), is(new WindowCounts(2, 0, 0)));
  }

  @Test
  void doesNotSeeTombstones() {
    fillBoth();
    postgres.row(TABLE, "stream", MONDAY, List.of("SFO", 1L), values(), 1, true);

    assertThat(compare(BATCH, STREAM).verdict(), is(Verdict.EQUAL));

    postgres.sql("UPDATE " + ROWS + " SET tombstone = false WHERE origin = 'SFO'");
    assertThat(compare(BATCH, STREAM).counts().get(Kind.MISSING_LEFT), is(1L));
  }

  @Test
  void doesNotTakeNothingClosedForEqual() {
    fill("batch", MONDAY);
    fill("stream", MONDAY);
    postgres.close(TABLE, "batch", MONDAY);

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.INCONCLUSIVE));
    assertThat(found.reason(), containsString("no window that both lanes have closed"));
    assertThat(found.windows().keySet(), empty());
    assertThat(found.notClosedRight(), is(1L));
  }

  @Test
  void takesALaneForDifferentThatHasClosedItsWindowsWithoutARow() {
    fill("batch", MONDAY);
    postgres.close(TABLE, "batch", MONDAY);
    postgres.close(TABLE, "stream", MONDAY);

    Comparison found = compare(BATCH, STREAM);
    assertThat(found.verdict(), is(Verdict.DIFFERENT));
    assertThat(found.differences(), hasSize(2));
  }

  @Test
  void doesNotTakeTwoLanesWithoutRowsForEvidence() {
    postgres.close(TABLE, "batch", MONDAY);
    postgres.close(TABLE, "stream", MONDAY);

    Comparison found = compare(BATCH, STREAM);
    assertThat(found.verdict(), is(Verdict.INCONCLUSIVE));
    assertThat(found.reason(), containsString("neither lane has a row"));

    postgres.sql("DELETE FROM crossfade.closed_windows");
    assertThat(compare(BATCH, STREAM).verdict(), is(Verdict.INCONCLUSIVE));
  }

  @Test
  void countsDifferencesBeyondTheList() {
    fillBoth();
    postgres.sql("UPDATE " + ROWS + " SET late = 99, carrier = 'XX' WHERE lane = 'batch'");

    Comparison found = Reconcile.in(postgres.asOwner()).listing(3).compare(BATCH, STREAM);

    assertThat(found.differences(), hasSize(3));
    assertThat(found.counts().get(Kind.VALUE), is(8L));
    assertThat(found.differenceCount(), is(8L));
  }

  @Test
  void readsMoreRowsThanItFetchesAtOnce() {
    for (String lane : List.of("batch", "stream")) {
      postgres.sql(
          "INSERT INTO "
              + ROWS
              + " SELECT ?, 'K' || i, i, ?, ?, i, i / 100.0, 'c', false, NULL, NULL, 1, 0, false, 1"
              + " FROM generate_series(1, 20000) AS i",
          lane,
          MONDAY.start(),
          MONDAY.end());
      postgres.close(TABLE, lane, MONDAY);
    }
    postgres.sql("UPDATE " + ROWS + " SET late = 0 WHERE lane = 'stream' AND gate = 19999");

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.equalRows(), is(19_999L));
    assertThat(found.differences(), hasSize(1));
    assertThat(found.differences().get(0).key().get("gate"), is("19999"));
  }

  @Test
  void readsTheTypesOfALegacyTableAsTheyAre() {
    legacyTable(
        "origin char(5), gate smallint, late numeric, minutes numeric, carrier varchar(10),"
            + " holiday boolean, day date, last_at timestamptz");
    fill("batch", MONDAY);
    fill("batch", TUESDAY);
    postgres.close(TABLE, "batch", MONDAY, TUESDAY);
    legacyCopy("batch");
    assertThat(
        "the premise: char is padded",
        postgres.sql("DELETE FROM reports.delays WHERE octet_length(origin) <> 5"),
        is(0));

    Comparison found = compare(LEGACY, BATCH);

    assertThat(found.differences(), empty());
    assertThat(found.verdict(), is(Verdict.EQUAL));
    assertThat(found.left(), is("legacy"));
    assertThat(found.leftDigest().orElseThrow(), is(found.rightDigest().orElseThrow()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"code", "code_of_code", "\"char\"", "name", "airport", "bpchar"})
  void readsDomainsAndWhatElseIsTextAsText(String type) {
    postgres.sql("CREATE DOMAIN code AS char(5)");
    postgres.sql("CREATE DOMAIN code_of_code AS code NOT NULL");
    postgres.sql("CREATE TYPE airport AS ENUM ('B', 'A')");
    postgres.sql("CREATE DOMAIN count AS int");
    legacyTable("origin " + type + ", gate count, late numeric, minutes numeric");
    for (String origin : List.of("A", "B")) {
      postgres.row(TABLE, "batch", MONDAY, List.of(origin, 7L), values());
    }
    postgres.close(TABLE, "batch", MONDAY);
    legacyCopy("batch", type);

    Comparison found = compare(LEGACY, BATCH);

    assertThat(found.differences(), empty());
    assertThat(found.verdict(), is(Verdict.EQUAL));
    assertThat(found.leftRows(), is(2L));
  }

  @Test
  void readsTheCatalogueWhateverTheServerQuotes() {
    postgres.sql("ALTER DATABASE " + postgres.name() + " SET quote_all_identifiers = on");
    try (Store store = Store.open(postgres.asOwner())) {
      // A second time, as a run does that finds the table there.
      store.prepare(TABLE);
    }
    fillBoth();
    legacyTable("origin char(5), gate smallint, late numeric, minutes numeric");
    legacyCopy("batch");

    assertThat(compare(BATCH, STREAM).verdict(), is(Verdict.EQUAL));
    assertThat(compare(LEGACY, BATCH).verdict(), is(Verdict.EQUAL));
  }

  @Test
  void readsWholeMinutesAsADecimal() {
    legacyTable("origin text, gate integer, late smallint, minutes integer");
    fill("batch", MONDAY);
    postgres.sql("UPDATE " + ROWS + " SET minutes = 12");
    postgres.close(TABLE, "batch", MONDAY);
    legacyCopy("batch");

    assertThat(compare(LEGACY, BATCH).verdict(), is(Verdict.EQUAL));
  }

  @Test
  void doesNotRoundWhatTheFlowCouldNotHold() {
    legacyTable("origin text, gate bigint, late numeric, minutes numeric");
    fill("batch", MONDAY);
    postgres.close(TABLE, "batch", MONDAY);
    legacyCopy("batch");
    postgres.sql("UPDATE reports.delays SET minutes = 12.50000001 WHERE origin = 'ATL'");
    postgres.sql("UPDATE reports.delays SET late = 3.5 WHERE origin = 'JFK'");

    Comparison found = compare(LEGACY, BATCH);

    assertThat(
        found.differences().stream()
            .map(d -> d.column() + " " + d.left() + " " + d.right())
            .toList(),
        contains("minutes 12.50000001 12.50", "late 3.5 3"));
    assertThat(
        found.leftDigest().orElseThrow().rows(), not(found.rightDigest().orElseThrow().rows()));
  }

  @Test
  void showsLegacyRowsWithoutAKey() {
    legacyTable("origin text, gate bigint");
    fill("batch", MONDAY);
    postgres.close(TABLE, "batch", MONDAY);
    legacyCopy("batch");
    postgres.sql("UPDATE reports.delays SET origin = NULL WHERE origin = 'ATL'");

    Comparison found = compare(LEGACY, BATCH);

    assertThat(found.counts().get(Kind.MISSING_LEFT), is(1L));
    assertThat(found.counts().get(Kind.MISSING_RIGHT), is(1L));
    assertThat(found.differences().get(1).key().get("origin"), nullValue());
  }

  @Test
  void countsOnlyTheSpanOfALegacyLaneAsClosed() {
    legacyTable("origin text, gate bigint");
    fill("batch", MONDAY);
    fill("batch", TUESDAY);
    postgres.close(TABLE, "batch", MONDAY, TUESDAY);
    legacyCopy("batch");
    postgres.sql("DELETE FROM reports.delays WHERE window_start = ?", TUESDAY.start());

    assertThat(compare(BATCH, LEGACY).verdict(), is(Verdict.DIFFERENT));

    Comparison found = compare(BATCH, LEGACY.closedWithin(MONDAY));
    assertThat(found.verdict(), is(Verdict.EQUAL));
    assertThat(found.windows().keySet(), contains(MONDAY));
    assertThat(found.notClosedRight(), is(1L));
  }

  @Test
  void refusesLegacyTypesThatWouldNeedAGuess() {
    postgres.sql("CREATE SCHEMA reports");
    postgres.sql(
        "CREATE TABLE reports.delays (origin text, gate text, window_start timestamp,"
            + " window_end timestamptz, late bigint, minutes double precision, carrier text,"
            + " holiday integer, day date)");

    StoreException e = assertThrows(StoreException.class, () -> compare(LEGACY, BATCH));

    assertThat(
        e.deviations().stream().map(d -> d.subject() + ": " + d.there()).toList(),
        containsInAnyOrder(
            "column gate: text",
            "column window_start: timestamp without time zone",
            "column minutes: double precision",
            "column holiday: integer",
            "column last_at: no such column"));
    assertThat(
        e.getMessage(),
        allOf(
            containsString("AT TIME ZONE"),
            containsString("not exact"),
            containsString("Name a view")));
  }

  @Test
  void refusesRowsWhoseWindowIsNoInterval() {
    legacyTable("origin text, gate bigint");
    fill("batch", MONDAY);
    postgres.close(TABLE, "batch", MONDAY);
    legacyCopy("batch");
    postgres.sql("UPDATE reports.delays SET window_end = NULL WHERE origin = 'ATL'");

    assertThat(
        assertThrows(StoreException.class, () -> compare(LEGACY, BATCH)).getMessage(),
        containsString("window is no interval"));

    postgres.sql("UPDATE reports.delays SET window_end = 'infinity' WHERE origin = 'ATL'");
    assertThrows(StoreException.class, () -> compare(LEGACY, BATCH));
  }

  @Test
  void refusesKeysThatDoNotTellRowsApart() {
    legacyTable("origin text, gate bigint");
    fill("batch", MONDAY);
    postgres.close(TABLE, "batch", MONDAY);
    postgres.sql(
        "INSERT INTO reports.delays (origin, gate, window_start, window_end)"
            + " SELECT 'ATL', 7, ?, ? FROM generate_series(1, ?)",
        MONDAY.start(),
        MONDAY.end(),
        Merge.MOST_AT_ONE_ADDRESS + 1);

    assertThat(
        assertThrows(StoreException.class, () -> compare(LEGACY, BATCH)).getMessage(),
        allOf(containsString("origin=ATL"), containsString("do not tell the rows apart")));
  }

  @Test
  void saysThatALegacyTableIsNotThere() {
    assertThat(
        assertThrows(StoreException.class, () -> compare(LEGACY, BATCH)).getMessage(),
        allOf(containsString("\"reports\".\"delays\""), containsString("check the name")));
  }

  @Test
  void refusesAResultsTableOfAnotherShape() {
    postgres.sql("ALTER TABLE " + ROWS + " DROP COLUMN row$hash1, DROP COLUMN row$hash2");
    postgres.sql("ALTER TABLE " + ROWS + " ALTER COLUMN late TYPE integer");

    assertThat(
        assertThrows(StoreException.class, () -> compare(BATCH, STREAM)).deviations(),
        contains(new Deviation("column late", "integer", "bigint")));
  }

  @Test
  void refusesWhatProvesNothing() {
    assertThrows(
        IllegalArgumentException.class, () -> compare(BATCH, LaneTable.of(TABLE, "batch")));
    ResultTable other = new ResultTable("delays", TABLE.key(), RowSchema.of());
    assertThrows(
        IllegalArgumentException.class, () -> compare(BATCH, LaneTable.of(other, "stream")));
    assertThrows(IllegalArgumentException.class, () -> LaneTable.legacy(TABLE, "crossfade.delays"));
    assertThrows(IllegalArgumentException.class, () -> LaneTable.legacy(TABLE, "delays"));
    assertThrows(
        IllegalArgumentException.class, () -> LaneTable.legacy(TABLE, "a.b; drop table c"));
    assertThrows(IllegalStateException.class, () -> BATCH.closedWithin(MONDAY));
  }

  @Test
  void readsNamesAsSqlDoes() {
    assertThat(
        LaneTable.legacy(TABLE, "Reports.\"Daily \"\"x\"\".1\"").qualifiedName(),
        is("\"reports\".\"Daily \"\"x\"\".1\""));
  }

  @Test
  void takesNoMoreThanTheRightToRead() {
    fillBoth();
    postgres.sql("GRANT USAGE ON SCHEMA crossfade TO stranger");
    postgres.sql(
        "GRANT SELECT ON "
            + ROWS
            + ", "
            + "crossfade.closed_windows, crossfade.runs, crossfade.inputs, crossfade.frontiers"
            + " TO stranger");

    assertThat(
        Reconcile.in(postgres.as("stranger")).compare(BATCH, STREAM).verdict(), is(Verdict.EQUAL));
  }

  @Test
  void cannotWriteEvenAsTheOwner() throws SQLException {
    for (boolean autoCommit : new boolean[] {true, false}) {
      try (Connection connection = postgres.asOwner().connectReadOnly();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(autoCommit);
        SQLException e =
            assertThrows(SQLException.class, () -> statement.execute("DELETE FROM " + ROWS));
        assertThat(e.getSQLState(), is("25006"));
      }
    }
  }

  private Comparison compare(LaneTable left, LaneTable right) {
    return BothWays.compare(postgres.asOwner(), left, right);
  }

  private void fillBoth() {
    for (String lane : List.of("batch", "stream")) {
      fill(lane, MONDAY);
      fill(lane, TUESDAY);
      postgres.close(TABLE, lane, MONDAY, TUESDAY);
    }
  }

  private void fill(String lane, EventWindow window) {
    postgres.row(TABLE, lane, window, List.of("JFK", 7L), values());
    postgres.row(TABLE, lane, window, List.of("ATL", 7L), values());
  }

  private static List<Object> values() {
    return Arrays.asList(
        3L,
        new BigDecimal("12.5"),
        "UA",
        false,
        LocalDate.parse("2001-01-02"),
        Instant.parse("2001-01-02T16:00:00Z"));
  }

  /** A legacy table of these columns; those not named are as in the results. */
  private void legacyTable(String columns) {
    postgres.sql("CREATE SCHEMA reports");
    String rest =
        TABLE.values().columns().stream()
            .filter(c -> !columns.matches(".*\\b" + c.name() + " .*"))
            .map(c -> ", " + c.name() + " " + c.sqlType())
            .collect(Collectors.joining());
    postgres.sql(
        "CREATE TABLE reports.delays ("
            + columns
            + ", window_start timestamptz, window_end timestamptz"
            + rest
            + ")");
  }

  private void legacyCopy(String lane) {
    legacyCopy(lane, "text");
  }

  /** Copies the rows of a lane; what is inserted as origin is of a type. */
  private void legacyCopy(String lane, String type) {
    String names =
        String.join(", ", TABLE.address().names())
            + ", "
            + String.join(", ", TABLE.values().names());
    postgres.sql(
        "INSERT INTO reports.delays ("
            + names
            + ") SELECT "
            + names.replaceFirst("origin", "origin::" + type)
            + " FROM "
            + ROWS
            + " WHERE lane = ?",
        lane);
  }

  private static Map<String, String> key(String origin) {
    return Map.of("origin", origin, "gate", "7");
  }

  private static EventWindow day(String date) {
    Instant start = Instant.parse(date + "T00:00:00Z");
    return new EventWindow(start, start.plusSeconds(86_400));
  }
}
