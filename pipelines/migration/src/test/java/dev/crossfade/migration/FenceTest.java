package dev.crossfade.migration;

import static dev.crossfade.migration.PlantedLane.MONDAY;
import static dev.crossfade.migration.PlantedLane.TABLE;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.migration.QualityRule.NullShare;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of the writes of a run that another process has taken over. */
class FenceTest {
  private static final String FLOW = TABLE.flow();

  private Postgres postgres;
  private Store store;

  @BeforeEach
  void open() {
    postgres = Postgres.database();
    store = Store.open(postgres.asOwner());
    store.prepare(TABLE);
  }

  @AfterEach
  void close() {
    store.close();
    postgres.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("writes")
  void noWriteOfAnAttemptIsDoneAfterAnotherProcessHasResumedTheRun(
      String name, BiConsumer<Store, RunAttempt> write) {
    RunLease paused = store.begin(stream());
    paused.close();
    new PlantedLane(postgres, "stream").row(paused.run() - 1, MONDAY, "north", 1, 0);
    new PlantedLane(postgres, "stream").close(paused.run(), MONDAY);
    try (RunLease second = store.resume(FLOW, "stream")) {
      String before = everything();

      RunGoneException gone =
          assertThrows(
              RunGoneException.class, () -> write.accept(store, paused.runAttempt()), name);

      assertThat(
          gone.getMessage(),
          allOf(
              containsString("run " + paused.run() + " was resumed by another process"),
              containsString("as its attempt 2; what attempt 1 of it computes does not count")));
      assertThat(name, everything(), is(before));
      write.accept(store, second.runAttempt());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("writes")
  void noWriteOfARunIsDoneAfterALaterRunHasBegun(String name, BiConsumer<Store, RunAttempt> write) {
    RunLease paused = store.begin(stream());
    paused.close();
    try (RunLease second = store.begin(stream())) {
      String before = everything();

      RunGoneException gone =
          assertThrows(
              RunGoneException.class, () -> write.accept(store, paused.runAttempt()), name);

      assertThat(
          gone.getMessage(),
          allOf(
              containsString("run " + paused.run() + " was entered as LOST at 2"),
              containsString(
                  "; lane 'stream' is computed by run " + second.run() + " now, on the flink")));
      assertThat(name, everything(), is(before));
    }
  }

  private static Stream<Arguments> writes() {
    return Stream.of(
        write("end", (store, run) -> store.endRun(run, StoredRun.SUCCEEDED, null)),
        write("restore", (store, run) -> store.recordRestoreFrom(run, "/elsewhere")),
        write("savepoint", (store, run) -> store.recordSavepoint(run, "/elsewhere")),
        write("no savepoint", Store::forgetSavepoint),
        write("logic", (store, run) -> store.recordLogic(run, "another")),
        write(
            "inputs",
            (store, run) ->
                store.recordInputs(
                    FLOW,
                    "stream",
                    run,
                    List.of(new InputRange("s[0]", "topic", 0, OptionalLong.of(9))))),
        write("older runs", (store, run) -> store.removeOlderRuns(TABLE, "stream", run)),
        write(
            "quality",
            (store, run) ->
                store.judgeQuality(
                    TABLE,
                    "stream",
                    run,
                    List.of(new NullShare("note", BigDecimal.ZERO)),
                    Optional.empty())));
  }

  private static Arguments write(String name, BiConsumer<Store, RunAttempt> write) {
    return Arguments.of(name, write);
  }

  @Test
  void nothingIsPutInPlaceOfARunThatWasDeclaredLost() {
    RunRequest batch = RunRequest.bounded(FLOW, "batch", "flink");
    RunLease paused = store.begin(batch);
    paused.close();
    new PlantedLane(postgres, "batch").row(paused.run() - 1, MONDAY, "north", 1, 0);
    try (RunLease second = store.begin(batch)) {
      // What a worker would have left that was late by a moment.
      new PlantedLane(postgres, "batch")
          .stagedBy(paused.run())
          .row(paused.run(), MONDAY, "north", 9, 0);

      assertThrows(
          RunGoneException.class,
          () -> store.putInPlace(TABLE, "batch", paused.runAttempt(), Optional.empty(), List.of()));

      assertThat(
          postgres.number("SELECT folded FROM crossfade.sales WHERE lane = 'batch'"), is(1L));
      assertThat(second.isHeld(), is(true));
    }
  }

  @Test
  void whatIsBeingWrittenIsThereBeforeTheNextRunBegins() throws Exception {
    RunLease paused = store.begin(stream());
    paused.close();
    try (Connection worker = worker()) {
      fence(worker, paused.runAttempt());
      execute(
          worker,
          "INSERT INTO crossfade.closed_windows (flow, lane, window_start, window_end, run) VALUES"
              + " ('sales', 'stream', '2001-01-01T00:00Z', '2001-01-02T00:00Z', 1)");

      CompletableFuture<RunLease> next = CompletableFuture.supplyAsync(() -> begin(stream()));
      awaitSomebodyWaiting();
      assertThat(next.isDone(), is(false));
      worker.commit();

      try (RunLease second = next.get(30, TimeUnit.SECONDS)) {
        assertThat("the next run has opened it", store.closedWindows(FLOW, "stream").size(), is(0));
        assertThat(second.run(), is(paused.run() + 1));
      }
    }
  }

  /** What was there when the fence was asked for is not what is there when it is raised. */
  @Test
  void aFenceThatHadToWaitGoesByWhatIsThereThen() throws Exception {
    RunLease paused = store.begin(stream());
    paused.close();
    try (Connection other = worker();
        Connection worker = worker()) {
      RunLocks.awaitWriters(other, paused.run());
      CompletableFuture<Void> raised =
          CompletableFuture.runAsync(() -> fence(worker, paused.runAttempt()));
      awaitSomebodyWaiting();
      execute(other, "UPDATE crossfade.runs SET attempts = 2");
      other.commit();

      ExecutionException failed =
          assertThrows(ExecutionException.class, () -> raised.get(30, TimeUnit.SECONDS));

      assertThat(failed.getCause().getCause(), instanceOf(SQLException.class));
      assertThat(
          ((SQLException) failed.getCause().getCause()).getSQLState(), is(RunGoneException.STATE));
    }
  }

  @Test
  void writersOfARunDoNotWaitForEachOther() throws Exception {
    try (RunLease lease = store.begin(stream());
        Connection first = worker();
        Connection second = worker()) {
      fence(first, lease.runAttempt());
      fence(second, lease.runAttempt());
      store.recordLogic(lease.runAttempt(), "l2");
      first.commit();
      second.commit();
    }
  }

  /** A process that is stopped in the middle of a transaction would hold the next one up. */
  @Test
  void aTransactionThatWritesIsCutOffWhenNothingIsSaidInIt() throws Exception {
    try (RunLease lease = store.begin(stream());
        Connection worker = worker()) {
      fence(worker, lease.runAttempt());
      assertThat(text(worker, "SHOW idle_in_transaction_session_timeout"), is("30s"));
      worker.commit();
      assertThat(
          "until it ends", text(worker, "SHOW idle_in_transaction_session_timeout"), is("0"));
    }
  }

  @Test
  void noRunBeginsBesideTheProcessOfTheNewestThoughItsRowSaysThatItHasEnded() {
    try (RunLease paused = store.begin(stream())) {
      store.endRun(paused.runAttempt(), "INTERRUPTED", null);

      LaneBusyException begun = assertThrows(LaneBusyException.class, () -> store.begin(stream()));
      LaneBusyException resumed =
          assertThrows(LaneBusyException.class, () -> store.resume(FLOW, "stream"));

      assertThat(begun.run(), is(paused.run()));
      assertThat(
          begun.getMessage(),
          containsString("was entered as INTERRUPTED, but whose process is still there"));
      assertThat(resumed.run(), is(paused.run()));
    }
    store.resume(FLOW, "stream").close();
    store.begin(stream()).close();
  }

  @Test
  void aProcessThatHasJustEnteredTheEndIsWaitedFor() throws Exception {
    RunLease ending = store.begin(stream());
    store.endRun(ending.runAttempt(), StoredRun.SUCCEEDED, null);
    CompletableFuture<RunLease> next = CompletableFuture.supplyAsync(() -> begin(stream()));
    awaitSomebodyWaiting();
    ending.close();

    try (RunLease second = next.get(30, TimeUnit.SECONDS)) {
      assertThat(second.run(), is(ending.run() + 1));
    }
    assertThat(
        postgres.texts("SELECT outcome FROM crossfade.runs WHERE run = 1"), contains("SUCCEEDED"));
  }

  private RunLease begin(RunRequest request) {
    try (Store own = Store.open(postgres.asOwner())) {
      return own.begin(request);
    }
  }

  private static RunRequest stream() {
    return RunRequest.stream(FLOW, "stream", "flink");
  }

  private Connection worker() throws SQLException {
    Connection connection = postgres.asOwner().connect();
    connection.setAutoCommit(false);
    return connection;
  }

  private static void fence(Connection worker, RunAttempt attempt) {
    try {
      attempt.fence(worker);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    return Sql.list(connection, row -> row.getString(1), sql).get(0);
  }

  private void awaitSomebodyWaiting() {
    postgres.await(
        "SELECT count(*) > 0 FROM pg_locks JOIN pg_database d ON d.oid = pg_locks.database"
            + " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted");
  }

  /** Whatever is in the store that a run may write. */
  private String everything() {
    StringBuilder all = new StringBuilder();
    for (String table : List.of("runs", "inputs", "closed_windows", "quality", "sales")) {
      all.append(postgres.texts("SELECT t::text FROM crossfade." + table + " t ORDER BY 1"));
    }
    return all.toString();
  }
}
