package dev.crossfade.migration;

import static dev.crossfade.migration.PlantedLane.MONDAY;
import static dev.crossfade.migration.PlantedLane.TABLE;
import static dev.crossfade.migration.PlantedLane.TUESDAY;
import static dev.crossfade.migration.PlantedLane.WEDNESDAY;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.transforms.results.EventWindow;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PutInPlaceTest {
  private static final String FLOW = TABLE.flow();

  private Postgres postgres;
  private Store store;
  private PlantedLane batch;
  private PlantedLane stream;

  @BeforeEach
  void open() {
    postgres = Postgres.database();
    store = Store.open(postgres.asOwner());
    store.prepare(TABLE);
    batch = new PlantedLane(postgres, "batch");
    stream = new PlantedLane(postgres, "stream");
  }

  @AfterEach
  void close() {
    store.close();
    postgres.close();
  }

  @Test
  void aRunOverEverythingReplacesTheLane() {
    long first = begin(RunRequest.bounded(FLOW, "batch", "flink"));
    batch.stagedBy(first).row(first, MONDAY, "north", 2, 0);
    batch.stagedBy(first).row(first, MONDAY, "south", 1, 0);
    batch.stagedBy(first).row(first, TUESDAY, "south", 1, 0);
    batch.stagedBy(first).close(first, MONDAY, TUESDAY);
    batch.decoded(first, MONDAY, 3, 0);
    batch.undecodable(first, "f:1");
    batch.undecodable(first, "f:2");
    assertThat(
        "nothing is there before it is in place", store.laneStatus(TABLE).get(0).rows(), is(0L));
    assertThat(putInPlace("batch", first), is(new Replaced(0, 3, 2, 0, 0)));
    assertThat(rows("batch"), contains("0101 north 1", "0101 south 1", "0102 south 1"));
    store.endRun(new RunAttempt(first, 1), StoredRun.SUCCEEDED, null);

    long second = begin(RunRequest.bounded(FLOW, "batch", "flink"));
    batch.stagedBy(second).row(second, MONDAY, "north", 3, 0);
    batch.stagedBy(second).close(second, MONDAY);
    batch.undecodable(second, "f:2");
    stream.row(second, MONDAY, "north", 1, 0);

    assertThat(putInPlace("batch", second), is(new Replaced(3, 1, 1, 0, 0)));
    assertThat("what vanished from the input", rows("batch"), contains("0101 north 2"));
    assertThat(store.closedWindows(FLOW, "batch"), contains(MONDAY));
    assertThat(origins(LetterFilter.OPEN), contains("f:2"));
    assertThat(postgres.number("SELECT count(*) FROM crossfade.window_ledger"), is(0L));
    assertThat("another lane", rows("stream"), contains("0101 north 2"));
    assertThat(
        store.laneStatus(TABLE).stream().map(LaneStatus::lane).toList(),
        contains("batch", "stream"));
  }

  @Test
  void aRunOverWindowsReplacesTheseAndNoOthers() {
    fillBatch();
    long run = begin(RunRequest.bounded(FLOW, "batch", "flink", TUESDAY));
    batch.stagedBy(run).row(run, TUESDAY, "north", 5, 0);

    Replaced replaced = putInPlace("batch", run, List.of(TUESDAY, WEDNESDAY), List.of());

    assertThat(replaced, is(new Replaced(2, 1, 2, 0, 0)));
    assertThat(rows("batch"), contains("0101 north 1", "0101 south 1", "0102 north " + run));
    assertThat(closedBy("batch"), is(Map.of(MONDAY, 1L, TUESDAY, run, WEDNESDAY, run)));
    assertThat(
        "one that vanished from a lane that no stream writes",
        postgres.number("SELECT count(*) FROM crossfade.sales WHERE tombstone"),
        is(0L));
  }

  @Test
  void againChangesNothing() {
    fillBatch();
    long run = begin(RunRequest.bounded(FLOW, "batch", "flink", TUESDAY));
    batch.stagedBy(run).row(run, TUESDAY, "north", 5, 0);
    putInPlace("batch", run, List.of(TUESDAY), List.of());
    List<String> rows = rows("batch");
    Map<EventWindow, Long> closed = closedBy("batch");

    assertThat(putInPlace("batch", run, List.of(TUESDAY), List.of()), is(Replaced.NOTHING));
    store.endRun(new RunAttempt(run, 1), StoredRun.SUCCEEDED, null);
    assertThrows(
        RunGoneException.class, () -> putInPlace("batch", run, List.of(TUESDAY), List.of()));

    assertThat(rows("batch"), is(rows));
    assertThat(closedBy("batch"), is(closed));
  }

  @Test
  void aReaderSeesTheVersionBeforeOrThisOne() throws Exception {
    fillBatch();
    long run = begin(RunRequest.bounded(FLOW, "batch", "flink", TUESDAY));
    batch.stagedBy(run).row(run, TUESDAY, "north", 5, 0);
    batch.late(1, "f:9", TUESDAY);
    List<String> before = rows("batch");

    try (Store own = Store.open(postgres.asOwner());
        Connection inTheWay = postgres.asOwner().connect();
        Statement statement = inTheWay.createStatement()) {
      inTheWay.setAutoCommit(false);
      // The rows and closings are in place by the time when the late records are marked.
      statement.execute("LOCK TABLE crossfade.late_records IN EXCLUSIVE MODE");
      CompletableFuture<Replaced> putting =
          CompletableFuture.supplyAsync(
              () ->
                  own.putInPlace(
                      TABLE,
                      "batch",
                      new RunAttempt(run, 1),
                      Optional.of(List.of(TUESDAY)),
                      List.of()));
      postgres.await("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)");

      assertThat(rows("batch"), is(before));
      assertThat(closedBy("batch"), is(Map.of(MONDAY, 1L, TUESDAY, 1L)));
      inTheWay.rollback();
      putting.join();
    }
    assertThat(rows("batch"), contains("0101 north 1", "0101 south 1", "0102 north " + run));
    assertThat(closedBy("batch"), is(Map.of(MONDAY, 1L, TUESDAY, run)));
  }

  @Test
  void aFailureInTheMiddleLeavesTheVersionBefore() {
    fillBatch();
    long run = begin(RunRequest.bounded(FLOW, "batch", "flink", TUESDAY));
    batch.stagedBy(run).row(run, TUESDAY, "north", 5, 0);
    List<String> before = rows("batch");
    postgres.sql("ALTER TABLE crossfade.dead_letters RENAME TO elsewhere");

    assertThrows(StoreException.class, () -> putInPlace("batch", run, List.of(TUESDAY), List.of()));

    assertThat(rows("batch"), is(before));
    assertThat(closedBy("batch"), is(Map.of(MONDAY, 1L, TUESDAY, 1L)));
    postgres.sql("ALTER TABLE crossfade.elsewhere RENAME TO dead_letters");
    putInPlace("batch", run, List.of(TUESDAY), List.of());
    assertThat(rows("batch"), contains("0101 north 1", "0101 south 1", "0102 north " + run));
  }

  @Test
  void marksTheLateRecordsAndTheDeadLettersThatTheRunCouldProcess() {
    long first = begin(RunRequest.stream(FLOW, "stream", "flink"));
    stream.close(first, MONDAY, TUESDAY);
    stream.late(first, "s[0]:1", MONDAY);
    stream.late(first, "s[0]:2", TUESDAY);
    stream.dead(first, "s[0]:3", MONDAY);
    stream.dead(first, "s[0]:4", MONDAY);
    stream.dead(first, "s[0]:5", TUESDAY);
    stream.undecodable(first, "s[0]:6");
    stream.undecodable(first, "s[0]:7");
    stream.undecodable(first, "s[0]:8");
    stream.dead(first, "s[0]:9", MONDAY);
    store.discard(FLOW, "stream", LetterFilter.OPEN.withOrigin("s[0]:9"), "a test of the till");
    long run = begin(RunRequest.restatement(FLOW, "stream", "flink", MONDAY, "mended"));
    stream.dead(run, "s[0]:4", MONDAY);
    stream.undecodable(run, "s[0]:7");

    Replaced replaced =
        putInPlace("stream", run, List.of(MONDAY), List.of("s[0]:6", "s[0]:7", "s[0]:0"));

    assertThat(replaced, is(new Replaced(0, 0, 1, 2, 1)));
    assertThat(
        postgres.number(
            "SELECT count(*) FROM crossfade.late_records WHERE origin = 's[0]:1'"
                + " AND restated_by = "
                + run),
        is(1L));
    assertThat(
        postgres.number(
            "SELECT count(*) FROM crossfade.late_records WHERE restated_by IS NOT NULL"),
        is(1L));
    List<StoredLetter> replayed =
        store.letters(FLOW, "stream", LetterFilter.OPEN.withStatus(LetterStatus.REPLAYED));
    assertThat(replayed.stream().map(StoredLetter::origin).toList(), contains("s[0]:3", "s[0]:6"));
    assertThat(replayed.get(0).resolvedBy(), is(Optional.of(run)));
    assertThat(replayed.get(0).resolvedReason(), is(Optional.of("mended")));
    assertThat(
        store.letters(FLOW, "stream", LetterFilter.OPEN).stream()
            .map(StoredLetter::origin)
            .toList(),
        contains("s[0]:4", "s[0]:5", "s[0]:7", "s[0]:8"));
  }

  @Test
  void aRowThatVanishedStaysAwayWhenTheStreamGoesOnFromAnOlderCheckpoint() {
    long live = begin(RunRequest.stream(FLOW, "stream", "flink"));
    stream.row(live, MONDAY, "north", 1, 0);
    stream.row(live, MONDAY, "south", 1, 0);
    stream.close(live, MONDAY);
    long run = begin(RunRequest.restatement(FLOW, "stream", "flink", MONDAY, "a gap"));
    stream.stagedBy(run).row(run, MONDAY, "north", 2, 0);
    putInPlace("stream", run, List.of(MONDAY), List.of());
    assertThat(rows("stream"), contains("0101 north " + run));

    stream.row(live, MONDAY, "north", 1, 0);
    stream.row(live, MONDAY, "south", 1, 0);

    assertThat(rows("stream"), contains("0101 north " + run));
    assertThat(closedBy("stream"), is(Map.of(MONDAY, run)));
  }

  @Test
  void refusesARunThatWasDeclaredDead() {
    fillBatch();
    long dead = begin(RunRequest.bounded(FLOW, "batch", "flink"));
    long next = begin(RunRequest.bounded(FLOW, "batch", "flink"));
    batch.stagedBy(dead).row(dead, MONDAY, "north", 9, 0);
    List<String> before = rows("batch");

    assertThat(
        assertThrows(StoreException.class, () -> putInPlace("batch", dead)).getMessage(),
        allOf(
            containsString("run " + dead + " was entered as LOST at "),
            containsString("does not count any more")));
    assertThat(next, greaterThan(dead));

    assertThat(rows("batch"), is(before));
    putInPlace("batch", next);
    assertThat(
        "what the dead one has kept aside since",
        postgres.number("SELECT count(*) FROM crossfade.sales"),
        is(0L));
  }

  @Test
  void leavesWhatALivingRunKeepsAside() {
    fillBatch();
    PlantedLane other;
    try (RunLease living = store.begin(RunRequest.bounded(FLOW, "batch", "flink", MONDAY))) {
      other = batch.stagedBy(living.run());
      other.row(living.run(), MONDAY, "north", 9, 0);
      long failed = begin(RunRequest.bounded(FLOW, "batch", "flink", WEDNESDAY));
      batch.stagedBy(failed).row(failed, WEDNESDAY, "north", 9, 0);
      batch.stagedBy(failed).close(failed, WEDNESDAY);
      store.endRun(new RunAttempt(failed, 1), "FAILED", null);

      long run = begin(RunRequest.bounded(FLOW, "batch", "flink", TUESDAY));
      putInPlace("batch", run, List.of(TUESDAY), List.of());

      assertThat(rows("batch~" + living.run()), contains("0101 north " + living.run()));
      assertThat(rows("batch~" + failed), empty());
      assertThat(store.closedWindows(FLOW, "batch~" + failed), empty());
    }
  }

  @Test
  void refusesWhatWasNotKeptAsideForTheLane() {
    long live = begin(RunRequest.stream(FLOW, "stream", "flink"));
    long run = begin(RunRequest.bounded(FLOW, "batch", "flink"));

    assertThat(
        assertThrows(StoreException.class, () -> putInPlace("stream", live)).getMessage(),
        containsString("run " + live + " writes lane 'stream' itself"));
    assertThat(
        assertThrows(StoreException.class, () -> putInPlace("stream", run)).getMessage(),
        containsString("run " + run + " is not one of lane 'stream' of flow 'sales'"));
    assertThat(
        assertThrows(StoreException.class, () -> putInPlace("batch", 99)).getMessage(),
        containsString("there is no run 99"));
  }

  @Test
  void refusesRowsOfAWindowThatWasNotAskedFor() {
    fillBatch();
    List<String> before = rows("batch");
    long run = begin(RunRequest.bounded(FLOW, "batch", "flink", TUESDAY));
    batch.stagedBy(run).row(run, WEDNESDAY, "north", 1, 0);

    assertThat(
        assertThrows(
                IllegalStateException.class,
                () -> putInPlace("batch", run, List.of(TUESDAY), List.of()))
            .getMessage(),
        containsString(WEDNESDAY.toString()));
    assertThat(rows("batch"), is(before));
  }

  /** Run 1 has put two rows in each of two closed windows. */
  private void fillBatch() {
    long first = begin(RunRequest.bounded(FLOW, "batch", "flink"));
    for (EventWindow window : List.of(MONDAY, TUESDAY)) {
      batch.stagedBy(first).row(first, window, "north", 1, 0);
      batch.stagedBy(first).row(first, window, "south", 1, 0);
    }
    batch.stagedBy(first).close(first, MONDAY, TUESDAY);
    putInPlace("batch", first);
    store.endRun(new RunAttempt(first, 1), StoredRun.SUCCEEDED, null);
  }

  private long begin(RunRequest request) {
    try (RunLease lease = store.begin(request)) {
      return lease.run();
    }
  }

  private Replaced putInPlace(String lane, long run) {
    return store.putInPlace(TABLE, lane, new RunAttempt(run, 1), Optional.empty(), List.of());
  }

  private Replaced putInPlace(
      String lane, long run, Collection<EventWindow> scope, List<String> resolvedOrigins) {
    return store.putInPlace(
        TABLE, lane, new RunAttempt(run, 1), Optional.of(scope), resolvedOrigins);
  }

  /** Each row but tombstones: the day of its window, its shop and the run that wrote it. */
  private List<String> rows(String lane) {
    return postgres.texts(
        "SELECT to_char(window_start AT TIME ZONE 'UTC', 'MMDD') || ' ' || shop || ' ' || run"
            + " FROM crossfade.sales WHERE NOT tombstone AND lane = '"
            + lane
            + "' ORDER BY 1");
  }

  private Map<EventWindow, Long> closedBy(String lane) {
    return store.closedWindows(FLOW, lane).stream()
        .collect(
            Collectors.toMap(
                Function.identity(),
                window ->
                    postgres.number(
                        "SELECT run FROM crossfade.closed_windows WHERE lane = '"
                            + lane
                            + "' AND window_start = '"
                            + window.start()
                            + "'")));
  }

  private List<String> origins(LetterFilter filter) {
    return store.letters(FLOW, "batch", filter).stream().map(StoredLetter::origin).toList();
  }
}
