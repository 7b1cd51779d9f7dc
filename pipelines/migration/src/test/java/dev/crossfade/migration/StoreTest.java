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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    assertThat(begin("batch", "direct"), is(1L));
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
  void bringsAStoreOfTheFirstVersionUpToTodaysAndKeepsWhatItHolds() {
    prepareFirstVersion();
    postgres.sql(
        "INSERT INTO crossfade.daily_sales VALUES"
            + " ('batch', 'a', 1, ?, ?, 1, 'x', 5, false, 1)",
        MONDAY.start(),
        MONDAY.end());
    postgres.sql(
        "INSERT INTO crossfade.runs (flow, lane, runner) VALUES ('daily-sales', 'batch', 'direct')");
    postgres.sql(
        "INSERT INTO crossfade.dead_letters (flow, lane, origin, step, cause, run)"
            + " VALUES ('daily-sales', 'batch', 'f:7', 'DECODE', 'UndecodableException', 1)");
    lateRecord("batch", "f:8", 1);

    store.prepare(TABLE);
    store.prepare(TABLE);

    assertThat(status("batch"), contains(1L, 0L, 1L, 1L));
    assertThat(
        postgres.texts("SELECT folded || ' ' || duplicates FROM crossfade.daily_sales"),
        contains("5 0"));
    assertThat(
        "no run may leave it out",
        assertThrows(
                IllegalStateException.class,
                () ->
                    postgres.sql(
                        "INSERT INTO crossfade.daily_sales (lane, \"order\", shop, window_start,"
                            + " window_end, folded, tombstone, run)"
                            + " SELECT 'stream', \"order\", shop, window_start, window_end, 1, false,"
                            + " 1 FROM crossfade.daily_sales"))
            .getCause()
            .getMessage(),
        containsString("\"duplicates\""));
    StoredLetter letter = store.letters(TABLE.flow(), "batch", LetterFilter.OPEN).get(0);
    assertThat(letter.firstRun(), is(1L));
    assertThat(letter.firstSeen(), is(letter.lastSeen()));
    assertThat(postgres.texts("SELECT origin FROM crossfade.dead_letter_runs"), contains("f:7"));
    StoredRun run = store.storedRun(TABLE.flow(), "batch").orElseThrow();
    assertThat(run.kind(), is(RunKind.RUN));
    assertThat(run.attempts(), is(1));
    assertThat("nobody holds it", begin("batch", "flink"), is(2L));
    assertThat(store.storedRun(1).orElseThrow().outcome(), is(Optional.of("LOST")));
  }

  @Test
  void leavesATableOfTheFirstVersionThatHasAnotherShape() {
    prepareFirstVersion();
    postgres.sql("ALTER TABLE crossfade.daily_sales DROP COLUMN note");

    assertThat(
        assertThrows(StoreException.class, () -> store.prepare(TABLE)).deviations(),
        contains(
            new Deviation("column note", "no such column", "text"),
            new Deviation("column duplicates", "no such column", "bigint")));
  }

  @Test
  void saysWhatIsInTheWayOfItsTables() {
    prepareFirstVersion();
    postgres.sql("CREATE TABLE crossfade.quality (lane text)");

    assertThat(
        assertThrows(StoreException.class, () -> store.prepare(TABLE)).getMessage(),
        allOf(containsString("\"quality\""), containsString("rename what has the name")));
  }

  @Test
  void findsTheRowsOfAWindowWithoutReadingTheLane() {
    store.prepare(TABLE);

    assertThat(
        postgres.texts("SELECT indexdef FROM pg_indexes WHERE indexname = 'daily_sales$windows'"),
        contains(containsString("(lane, window_start)")));
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
    postgres.sql("ALTER TABLE " + table + " DROP COLUMN row$hash1, DROP COLUMN row$hash2");
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
    long first = begin("batch", "direct");
    store.endRun(new RunAttempt(first, 1), "failed", null);
    long second = begin("batch", "flink");
    store.endRun(new RunAttempt(second, 1), "done", "{\"read\": 3}");
    long third = begin("stream", "flink");
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
    long run = begin("batch", "direct");
    store.endRun(new RunAttempt(run, 1), "done", null);

    assertThrows(StoreException.class, () -> store.endRun(new RunAttempt(run, 1), "failed", null));
    assertThrows(
        StoreException.class, () -> store.endRun(new RunAttempt(run + 1, 1), "done", null));
    assertThat(
        store.laneStatus(TABLE).get(0).lastRun().orElseThrow().outcome(), is(Optional.of("done")));
  }

  @Test
  void removesOnlyWhatEarlierRunsOfTheLaneWrote() {
    fillTwoRunsOfTwoLanes();
    begin("another", "flink");
    begin("another", "flink");

    Removed removed = store.removeOlderRuns(TABLE, "batch", new RunAttempt(2, 1));

    assertThat(removed, is(new Removed(1, 1, 1, 1)));
    assertThat(status("batch"), contains(1L, 1L, 1L, 1L));
    assertThat(status("stream"), contains(2L, 2L, 2L, 2L));
    assertThat(store.closedWindows(TABLE.flow(), "batch"), contains(TUESDAY));
  }

  @Test
  void aRunOpensAgainWhatTheLaneHadClosed() {
    fillTwoRunsOfTwoLanes();

    begin("batch", "direct");

    assertThat(status("batch"), contains(2L, 0L, 2L, 2L));
    assertThat(status("stream"), contains(2L, 2L, 2L, 2L));
  }

  @Test
  void clearsALaneAndNoOther() {
    store.prepare(TABLE);
    long run = begin("batch", "direct");
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

    assertThat(begin("batch", "direct"), is(1L));
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

  @ParameterizedTest
  @ValueSource(strings = {"sslmode=requier", "sslmode=require", "sslmode=verify-full", "ssl=true"})
  void saysWhatToDoAboutEncryptionThatTheServerDoesNotSpeak(String asked) {
    Database wrong = Database.at(postgres.url() + "?" + asked, "owner", Postgres.PASSWORD);

    StoreException e = assertThrows(StoreException.class, () -> Store.open(wrong));

    assertThat(
        e.getMessage(),
        allOf(
            containsString("is not reached as the URL's sslmode asks for"),
            containsString("disable, allow, prefer, require, verify-ca and verify-full"),
            not(containsString("check the user"))));
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

  /** A store and a results table as the first version of the schema has them. */
  private void prepareFirstVersion() {
    postgres.sql("CREATE SCHEMA crossfade");
    postgres.sql(
        "CREATE TABLE crossfade.schema_versions (version int PRIMARY KEY,"
            + " applied_at timestamptz NOT NULL DEFAULT clock_timestamp())");
    postgres.sql("INSERT INTO crossfade.schema_versions VALUES (1)");
    try (InputStream script = Store.class.getResourceAsStream("schema-1.sql")) {
      postgres.sql(new String(script.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    postgres.sql(
        "CREATE TABLE crossfade.daily_sales (lane text COLLATE \"C\" NOT NULL,"
            + " \"order\" text COLLATE \"C\" NOT NULL, shop bigint NOT NULL,"
            + " window_start timestamptz NOT NULL, window_end timestamptz NOT NULL,"
            + " amount numeric(38, 2), note text, folded bigint NOT NULL,"
            + " tombstone boolean NOT NULL, run bigint NOT NULL,"
            + " PRIMARY KEY (lane, \"order\", shop, window_start, window_end))");
  }

  /** Begins a run and lets go of it: whether it ends is not what is looked at here. */
  private long begin(String lane, String runner) {
    try (RunLease lease = store.begin(RunRequest.stream(TABLE.flow(), lane, runner))) {
      return lease.run();
    }
  }

  private void deadLetter(String lane, String origin, long run) {
    postgres.sql(
        "INSERT INTO crossfade.dead_letters"
            + " (flow, lane, origin, step, cause, bytes, retryable, first_run, run)"
            + " VALUES (?, ?, ?, 'Decode', 'NOT_A_NUMBER', '\\x00'::bytea, false, ?, ?)",
        TABLE.flow(),
        lane,
        origin,
        run,
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
