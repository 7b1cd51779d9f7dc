package dev.crossfade.migration;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.results.RowSchema;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoreTest {
  private static final ResultTable TABLE =
      new ResultTable(
          "daily-sales",
          RowSchema.of(Column.of("order", ColumnType.TEXT), Column.of("shop", ColumnType.BIGINT)),
          RowSchema.of(Column.decimal("amount", 2), Column.of("note", ColumnType.TEXT)));
  private static final EventWindow MONDAY = day("2001-01-01");
  private static final EventWindow TUESDAY = day("2001-01-02");

  private Postgres postgres;
  private Store store;

  @BeforeEach
  void open() {
    postgres = Postgres.database();
    store = Store.open(postgres.asOwner());
  }

  @AfterEach
  void close() {
    store.close();
    postgres.close();
  }

  @Test
  void preparesOnceHoweverManyCallAtOnce() throws Exception {
    int callers = 8;
    CyclicBarrier together = new CyclicBarrier(callers);
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        calls.add(
            threads.submit(
                () -> {
                  try (Store own = Store.open(postgres.asOwner())) {
                    together.await();
                    own.prepare(TABLE);
                  }
                  return null;
                }));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(store.beginRun(TABLE.flow(), "batch", "direct"), is(1L));
    assertThat(store.laneStatus(TABLE).size(), is(1));
  }

  @Test
  void asksForNoRightToCreateOnceAllIsThere() {
    store.prepare(TABLE);
    postgres.sql("GRANT USAGE ON SCHEMA crossfade TO stranger");
    postgres.sql("GRANT SELECT ON ALL TABLES IN SCHEMA crossfade TO stranger");

    try (Store reader = Store.open(postgres.as("stranger"))) {
      reader.prepare(TABLE);
      assertThat(reader.laneStatus(TABLE), empty());
    }
  }

  @Test
  void keepsWhatIsThereWhenItPreparesAgain() {
    store.prepare(TABLE);
    postgres.row(TABLE, "batch", MONDAY, List.of("a", 1L), List.of(BigDecimal.ONE, "x"));
    store.prepare(TABLE);

    assertThat(store.laneStatus(TABLE).get(0).rows(), is(1L));
  }

  @Test
  void namesEveryDeviationOfATableWithAnotherShape() {
    store.prepare(TABLE);
    String table = TABLE.qualifiedName();
    postgres.sql("ALTER TABLE " + table + " DROP COLUMN note");
    postgres.sql("ALTER TABLE " + table + " ALTER COLUMN amount TYPE numeric(12, 3)");
    postgres.sql("ALTER TABLE " + table + " ADD COLUMN currency text NOT NULL");
    postgres.sql("ALTER TABLE " + table + " ADD COLUMN added timestamptz NOT NULL DEFAULT now()");
    postgres.sql("ALTER TABLE " + table + " ALTER COLUMN run DROP NOT NULL");
    postgres.sql("ALTER TABLE " + table + " DROP CONSTRAINT daily_sales_pkey");
    postgres.sql(
        "ALTER TABLE " + table + " ALTER COLUMN \"order\" TYPE text COLLATE \"und-x-icu\"");
    postgres.sql("ALTER TABLE " + table + " ADD PRIMARY KEY (lane, \"order\", window_start)");

    StoreException e = assertThrows(StoreException.class, () -> store.prepare(TABLE));

    assertThat(
        e.deviations(),
        containsInAnyOrder(
            new Deviation("column note", "no such column", "text"),
            new Deviation("column amount", "numeric(12,3)", "numeric(38,2)"),
            new Deviation(
                "column currency",
                "text NOT NULL without a default, which no run fills",
                "no such column, or one that takes null"),
            new Deviation("column run", "a column that takes null", "NOT NULL"),
            new Deviation("column order", "COLLATE \"und-x-icu\"", "COLLATE \"C\""),
            new Deviation(
                "primary key",
                "(lane, order, window_start)",
                "(lane, order, shop, window_start, window_end)")));
    assertThat(
        e.getMessage(),
        allOf(
            containsString("crossfade.daily_sales"),
            containsString("numeric(12,3)"),
            containsString("currency"),
            containsString("Alter the table")));
  }

  @Test
  void refusesAFlowNamedLikeATableOfItsOwn() {
    ResultTable clash = new ResultTable("dead-letters", TABLE.key(), TABLE.values());

    assertThat(
        assertThrows(StoreException.class, () -> store.prepare(clash)).getMessage(),
        allOf(containsString("'dead-letters'"), containsString("another name")));
  }

  @Test
  void saysSoIfAnIndexHasTheNameOfAFlow() {
    store.prepare(TABLE);
    ResultTable clash = new ResultTable("daily-sales-pkey", TABLE.key(), TABLE.values());

    assertThat(
        assertThrows(StoreException.class, () -> store.prepare(clash)).deviations(),
        contains(new Deviation("the name", "an index", "a table")));
  }

  @Test
  void leavesASchemaThatANewerVersionPrepared() {
    store.prepare(TABLE);
    postgres.sql("INSERT INTO crossfade.schema_versions (version) VALUES (99)");

    assertThat(
        assertThrows(StoreException.class, () -> store.prepare(TABLE)).getMessage(),
        allOf(containsString("version 99"), containsString("newer")));
  }

  @Test
  void tellsTheLatestRunOfEachLaneAndWhatTheLaneHolds() {
    store.prepare(TABLE);
    long first = store.beginRun(TABLE.flow(), "batch", "direct");
    store.endRun(first, "failed", null);
    long second = store.beginRun(TABLE.flow(), "batch", "flink");
    store.endRun(second, "done", "{\"read\": 3}");
    long third = store.beginRun(TABLE.flow(), "stream", "flink");
    List<?> values = List.of(BigDecimal.ONE, "x");
    postgres.row(TABLE, "batch", MONDAY, List.of("a", 1L), values, second, false);
    postgres.row(TABLE, "batch", MONDAY, List.of("b", 1L), values, second, false);
    postgres.row(TABLE, "batch", TUESDAY, List.of("b", 1L), values, second, true);
    postgres.close(TABLE, "batch", MONDAY, TUESDAY);
    deadLetter("batch", "file:7", second);
    lateRecord("stream", "topic-0@3", third);

    List<LaneStatus> lanes = store.laneStatus(TABLE);

    assertThat(third, greaterThan(second));
    assertThat(lanes.stream().map(LaneStatus::lane).toList(), contains("batch", "stream"));
    LaneStatus batch = lanes.get(0);
    assertThat("the tombstone is no row", batch.rows(), is(2L));
    assertThat(batch.windows(), is(1L));
    assertThat(batch.closedWindows(), is(2L));
    assertThat(batch.deadLetters(), is(1L));
    assertThat(batch.lateRecords(), is(0L));
    RunStatus run = batch.lastRun().orElseThrow();
    assertThat(run.run(), is(second));
    assertThat(run.runner(), is("flink"));
    assertThat(run.outcome(), is(Optional.of("done")));
    assertThat(run.counts(), is(Optional.of("{\"read\": 3}")));
    assertThat(run.endedAt().orElseThrow().isBefore(run.startedAt()), is(false));
    LaneStatus stream = lanes.get(1);
    assertThat(stream.lateRecords(), is(1L));
    assertThat(stream.lastRun().orElseThrow().outcome(), is(Optional.empty()));
    assertThat(stream.lastRun().orElseThrow().endedAt(), is(Optional.empty()));
  }

  @Test
  void endsARunOnce() {
    store.prepare(TABLE);
    long run = store.beginRun(TABLE.flow(), "batch", "direct");
    store.endRun(run, "done", null);

    assertThrows(StoreException.class, () -> store.endRun(run, "failed", null));
    assertThrows(StoreException.class, () -> store.endRun(run + 1, "done", null));
    assertThat(
        store.laneStatus(TABLE).get(0).lastRun().orElseThrow().outcome(), is(Optional.of("done")));
  }

  @Test
  void removesOnlyWhatEarlierRunsOfTheLaneWrote() {
    fillTwoRunsOfTwoLanes();

    Removed removed = store.removeOlderRuns(TABLE, "batch", 2);

    assertThat(removed, is(new Removed(1, 1, 1, 1)));
    assertThat(status("batch"), contains(1L, 1L, 1L, 1L));
    assertThat(status("stream"), contains(2L, 2L, 2L, 2L));
    assertThat(store.closedWindows(TABLE.flow(), "batch"), contains(TUESDAY));
  }

  @Test
  void aRunOpensAgainWhatTheLaneHadClosed() {
    fillTwoRunsOfTwoLanes();

    store.beginRun(TABLE.flow(), "batch", "direct");

    assertThat(status("batch"), contains(2L, 0L, 2L, 2L));
    assertThat(status("stream"), contains(2L, 2L, 2L, 2L));
  }

  @Test
  void clearsALaneAndNoOther() {
    store.prepare(TABLE);
    long run = store.beginRun(TABLE.flow(), "batch", "direct");
    fillTwoRunsOfTwoLanes();

    assertThat(store.clearLane(TABLE, "batch"), is(new Removed(2, 2, 2, 2)));
    assertThat(status("batch"), contains(0L, 0L, 0L, 0L));
    assertThat(status("stream"), contains(2L, 2L, 2L, 2L));
    assertThat(
        "the runs stay", store.laneStatus(TABLE).get(0).lastRun().orElseThrow().run(), is(run));
  }

  @Test
  void removesNothingIfItCannotRemoveAll() {
    fillTwoRunsOfTwoLanes();
    postgres.sql("ALTER TABLE crossfade.late_records RENAME TO late_records_elsewhere");

    assertThrows(StoreException.class, () -> store.clearLane(TABLE, "batch"));

    postgres.sql("ALTER TABLE crossfade.late_records_elsewhere RENAME TO late_records");
    assertThat(status("batch"), contains(2L, 2L, 2L, 2L));
  }

  @Test
  void digestsAreOverAddressAndValueAndTellColumnsApart() {
    store.prepare(TABLE);
    postgres.row(TABLE, "batch", MONDAY, List.of("a", 1L), List.of(BigDecimal.ONE, "x"));
    postgres.row(TABLE, "batch", MONDAY, List.of("b", 1L), List.of(BigDecimal.TEN, "x"));
    postgres.row(TABLE, "batch", MONDAY, List.of("c", 1L), List.of(BigDecimal.TEN, "x"), 1, true);
    LaneDigest before = store.digest(LaneTable.of(TABLE, "batch"));

    postgres.sql("UPDATE crossfade.daily_sales SET amount = 11 - amount");
    LaneDigest swapped = store.digest(LaneTable.of(TABLE, "batch"));

    assertThat("the tombstone is no row", before.rows().count(), is(2L));
    assertThat(swapped.rows(), not(before.rows()));
    assertThat(swapped.columns().get("amount"), not(before.columns().get("amount")));
    assertThat(swapped.columns().get("note"), is(before.columns().get("note")));
  }

  @Test
  void connectsAgainAfterTheServerHungUp() {
    store.prepare(TABLE);
    postgres.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND pid <> pg_backend_pid()");

    assertThat(store.beginRun(TABLE.flow(), "batch", "direct"), is(1L));
  }

  @Test
  void saysWhichUserWasRefusedAndNeverThePassword() {
    Database wrong = Database.at(postgres.url(), "owner", "a wrong guess");

    StoreException e = assertThrows(StoreException.class, () -> Store.open(wrong));

    assertThat(
        e.getMessage(),
        allOf(
            containsString("refused user 'owner'"),
            containsString("127.0.0.1:" + postgres.port()),
            containsString("check the user and the password")));
    assertThat(everything(e), not(containsString("a wrong guess")));
  }

  @Test
  void saysWhereItFoundNoServer() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String url = "jdbc:postgresql://localhost:" + port + "/db?password=in-the-url&user=u";

    StoreException e = assertThrows(StoreException.class, () -> Store.open(url, null, null));

    assertThat(
        e.getMessage(),
        allOf(
            containsString("cannot reach PostgreSQL at localhost:" + port),
            containsString("check that the server runs")));
    assertThat(everything(e), not(containsString("in-the-url")));
  }

  @Test
  void saysThatThereIsNoSuchDatabase() {
    String url = postgres.url() + "_not_there";

    assertThat(
        assertThrows(StoreException.class, () -> Store.open(url, "owner", Postgres.PASSWORD))
            .getMessage(),
        allOf(
            containsString("no database '" + postgres.name() + "_not_there'"),
            containsString("create it")));
  }

  @Test
  void saysWhichRightIsMissing() {
    try (Store stranger = Store.open(postgres.as("stranger"))) {
      assertThat(
          assertThrows(StoreException.class, () -> stranger.prepare(TABLE)).getMessage(),
          allOf(
              containsString("'stranger' lacks a permission"),
              containsString("CREATE on the database")));
    }
  }

  @Test
  void saysThatNothingHasRunYet() {
    assertThat(
        assertThrows(StoreException.class, () -> store.laneStatus(TABLE)).getMessage(),
        containsString("created by its first run"));
  }

  @Test
  void refusesAUrlOfAnotherKindWithoutRepeatingIt() {
    assertThat(
        assertThrows(
                StoreException.class,
                () -> Store.open("jdbc:mysql://h/db?password=in-the-url", null, null))
            .getMessage(),
        allOf(containsString("jdbc:postgresql://"), not(containsString("in-the-url"))));
  }

  @Test
  void refusesADatabaseWhoseTextSortsByOtherBytes() {
    try (Postgres latin =
        Postgres.database(
            "ENCODING 'LATIN1' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")) {
      assertThat(
          assertThrows(StoreException.class, () -> Store.open(latin.asOwner())).getMessage(),
          allOf(containsString("LATIN1"), containsString("ENCODING 'UTF8'")));
    }
  }

  private void fillTwoRunsOfTwoLanes() {
    store.prepare(TABLE);
    for (String lane : List.of("batch", "stream")) {
      for (long run = 1; run <= 2; run++) {
        EventWindow window = run == 1 ? MONDAY : TUESDAY;
        List<?> values = List.of(BigDecimal.ONE, "x");
        postgres.row(TABLE, lane, window, List.of("a", 1L), values, run, false);
        postgres.sql(
            "INSERT INTO crossfade.closed_windows (flow, lane, window_start, window_end, run)"
                + " VALUES (?, ?, ?, ?, ?)",
            TABLE.flow(),
            lane,
            window.start(),
            window.end(),
            run);
        deadLetter(lane, "file:" + run, run);
        lateRecord(lane, "file:9" + run, run);
      }
    }
  }

  private void deadLetter(String lane, String origin, long run) {
    postgres.sql(
        "INSERT INTO crossfade.dead_letters (flow, lane, origin, step, cause, bytes, run)"
            + " VALUES (?, ?, ?, 'Decode', 'NOT_A_NUMBER', '\\x00'::bytea, ?)",
        TABLE.flow(),
        lane,
        origin,
        run);
  }

  private void lateRecord(String lane, String origin, long run) {
    postgres.sql(
        "INSERT INTO crossfade.late_records (flow, lane, origin, event_time, window_start,"
            + " window_end, behind_millis, bytes, run) VALUES (?, ?, ?, ?, ?, ?, 5, '', ?)",
        TABLE.flow(),
        lane,
        origin,
        MONDAY.start(),
        MONDAY.start(),
        MONDAY.end(),
        run);
  }

  /** Rows, closed windows, dead letters and late records of a lane. */
  private List<Long> status(String lane) {
    return store.laneStatus(TABLE).stream()
        .filter(s -> s.lane().equals(lane))
        .map(s -> List.of(s.rows(), s.closedWindows(), s.deadLetters(), s.lateRecords()))
        .findFirst()
        .orElse(List.of(0L, 0L, 0L, 0L));
  }

  private static String everything(Throwable e) {
    StringBuilder text = new StringBuilder();
    for (Throwable t = e; t != null; t = t.getCause()) {
      text.append(t).append('\n');
    }
    return text.toString();
  }

  private static EventWindow day(String date) {
    Instant start = Instant.parse(date + "T00:00:00Z");
    return new EventWindow(start, start.plusSeconds(86_400));
  }
}
