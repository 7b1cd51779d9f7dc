package dev.crossfade.migration;

import static dev.crossfade.migration.PlantedLane.MONDAY;
import static dev.crossfade.migration.PlantedLane.TABLE;
import static dev.crossfade.migration.PlantedLane.TUESDAY;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.transforms.results.EventWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunsTest {
  private static final String FLOW = TABLE.flow();
  private static final EventWindow BOTH_DAYS = new EventWindow(MONDAY.start(), TUESDAY.end());

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

  @Test
  void namesTheRunThatIsAtWorkOnTheLane() {
    try (RunLease first = store.begin(batch())) {
      LaneBusyException e = assertThrows(LaneBusyException.class, () -> store.begin(batch()));

      StoredRun run = store.storedRun(first.run()).orElseThrow();
      assertThat(e.run(), is(first.run()));
      assertThat(e.runner(), is("flink"));
      assertThat(e.since(), is(run.startedAt()));
      assertThat(
          e.getMessage(),
          allOf(
              containsString("lane 'batch' of flow 'sales' is at work: run " + first.run()),
              containsString("on flink since " + run.startedAt()),
              containsString("wait for it to end")));
      assertThat(run.endedAt(), is(Optional.empty()));
    }
  }

  @Test
  void doesNotKeepOtherLanesOrFlowsOff() {
    try (RunLease batch = store.begin(batch());
        RunLease stream = store.begin(stream());
        RunLease other = store.begin(RunRequest.bounded("daily-sales", "batch", "flink"))) {
      assertThat(stream.run(), greaterThan(batch.run()));
      assertThat(other.run(), greaterThan(stream.run()));
    }
  }

  @Test
  void aRunThatHasEndedKeepsNobodyOff() {
    RunLease first = store.begin(batch());
    store.endRun(first.runAttempt(), StoredRun.SUCCEEDED, null);

    try (RunLease second = store.begin(batch())) {
      assertThat(second.run(), greaterThan(first.run()));
      assertThat(outcome(first.run()), is(Optional.of("SUCCEEDED")));
    }
    first.close();
  }

  @Test
  void aRunWhoseConnectionIsKilledIsLostAndWhatItKeptAsideIsRemoved() {
    RunLease dead = store.begin(batch());
    PlantedLane lane = new PlantedLane(postgres, "batch");
    lane.row(dead.run() - 1, MONDAY, "north", 1, 0);
    lane.stagedBy(dead.run()).row(dead.run(), MONDAY, "north", 1, 0);
    lane.stagedBy(dead.run()).close(dead.run(), MONDAY);
    PlantedLane otherLane = new PlantedLane(postgres, "other").stagedBy(dead.run());
    otherLane.row(dead.run(), MONDAY, "north", 1, 0);
    kill(dead);

    try (RunLease next = store.begin(batch())) {
      assertThat(next.run(), greaterThan(dead.run()));
      assertThat(outcome(dead.run()), is(Optional.of("LOST")));
      assertThat(rows("batch~" + dead.run()), is(0L));
      assertThat(closings("batch~" + dead.run()), is(0L));
      assertThat("the lane is as it was", rows("batch"), is(1L));
      assertThat("what another lane keeps aside", rows("other~" + dead.run()), is(1L));
    }
    dead.close();
  }

  @Test
  void aRunThatIsLetGoWithoutAnEndIsLost() {
    RunLease dead = store.begin(batch());
    dead.close();

    store.begin(batch()).close();

    assertThat(outcome(dead.run()), is(Optional.of("LOST")));
  }

  @Test
  void aRunThatDiedAfterItWasPutInPlaceHasSucceeded() {
    RunLease dead = store.begin(batch());
    new PlantedLane(postgres, "batch").stagedBy(dead.run()).row(dead.run(), MONDAY, "north", 1, 0);
    store.putInPlace(TABLE, "batch", dead.runAttempt(), Optional.empty(), List.of());
    dead.close();

    store.begin(batch()).close();

    assertThat(outcome(dead.run()), is(Optional.of("SUCCEEDED")));
    assertThat(rows("batch"), is(1L));
  }

  @Test
  void ofManyThatBeginAtOnceOneWins() throws Exception {
    List<RunRequest> requests = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      requests.add(batch());
      requests.add(RunRequest.bounded(FLOW, "batch", "flink", MONDAY));
    }

    List<RunLease> won = beginAtOnce(requests);

    assertThat(won, hasSize(1));
    assertThat(count("SELECT count(*) FROM crossfade.runs"), is(1L));
    won.get(0).close();
  }

  @Test
  void runsOverSpansThatDoNotOverlapBeginAtOnce() throws Exception {
    List<RunLease> won =
        beginAtOnce(
            List.of(
                RunRequest.bounded(FLOW, "batch", "flink", MONDAY),
                RunRequest.bounded(FLOW, "batch", "flink", TUESDAY)));

    assertThat(won, hasSize(2));
    assertThrows(
        LaneBusyException.class,
        () -> store.begin(RunRequest.bounded(FLOW, "batch", "flink", BOTH_DAYS)));
    assertThrows(LaneBusyException.class, () -> store.begin(batch()));
    won.forEach(RunLease::close);
  }

  @Test
  void aRestatementRunsBesideTheStreamAndBesideNoOtherOfTheSameWindows() {
    RunRequest monday = RunRequest.restatement(FLOW, "stream", "flink", MONDAY, "late records");
    try (RunLease stream = store.begin(stream());
        RunLease restatement = store.begin(monday);
        RunLease tuesday =
            store.begin(RunRequest.restatement(FLOW, "stream", "flink", TUESDAY, "a gap"))) {
      LaneBusyException e = assertThrows(LaneBusyException.class, () -> store.begin(monday));
      assertThat(e.run(), is(restatement.run()));
      assertThat(e.getMessage(), containsString("over " + MONDAY));
      assertThat(tuesday.run(), greaterThan(stream.run()));
    }
  }

  @Test
  void aStreamDoesNotBeginAnewBesideARestatement() {
    try (RunLease restatement =
        store.begin(RunRequest.restatement(FLOW, "stream", "flink", MONDAY, "late records"))) {
      LaneBusyException e = assertThrows(LaneBusyException.class, () -> store.begin(stream()));
      assertThat(e.run(), is(restatement.run()));
    }
  }

  @Test
  void aStreamOpensWhatTheLaneHasClosedAndAStagedRunDoesNot() {
    new PlantedLane(postgres, "batch").close(1, MONDAY);
    new PlantedLane(postgres, "stream").close(1, MONDAY);

    store.begin(batch()).close();
    store.begin(stream()).close();

    assertThat(store.closedWindows(FLOW, "batch"), contains(MONDAY));
    assertThat(store.closedWindows(FLOW, "stream"), empty());
  }

  @Test
  void aLeaseTellsThatItsConnectionIsLostAndTakesTheRunAgain() {
    RunLease lease = store.begin(batch());
    assertThat(lease.isHeld(), is(true));
    kill(lease);
    assertThat(lease.isHeld(), is(false));

    lease.renew();

    assertThat(lease.isHeld(), is(true));
    assertThrows(LaneBusyException.class, () -> store.begin(batch()));
    lease.renew();
    lease.close();
    lease.close();
    store.begin(batch()).close();
  }

  @Test
  void aRunThatWasDeclaredDeadIsNotTakenAgain() {
    RunLease lease = store.begin(batch());
    kill(lease);
    store.begin(batch()).close();

    StoreException e = assertThrows(StoreException.class, lease::renew);

    assertThat(
        e.getMessage(),
        allOf(
            containsString("run " + lease.run() + " was entered as LOST at "),
            containsString("does not count any more")));
    assertThat(lease.isHeld(), is(false));
    lease.close();
  }

  @Test
  void aRunThatAnotherProcessHasResumedIsNotTakenAgain() {
    RunLease lease = store.begin(stream());
    kill(lease);

    try (RunLease resumed = store.resume(FLOW, "stream")) {
      StoreException e = assertThrows(StoreException.class, lease::renew);
      assertThat(resumed.run(), is(lease.run()));
      assertThat(e.getMessage(), containsString("was resumed by another process"));
    }
    lease.close();
  }

  @Test
  void aResumedStreamKeepsItsNumberAndItsClosedWindows() {
    RunLease first = store.begin(stream().withState("s1", "two steps").withLogic("l1"));
    store.recordRestoreFrom(first.runAttempt(), "/checkpoints/7");
    store.requestStop(FLOW, "stream", StopKind.SAVEPOINT);
    store.recordSavepoint(first.runAttempt(), "/checkpoints/7/savepoint-1");
    new PlantedLane(postgres, "stream").close(first.run(), MONDAY);
    store.endRun(first.runAttempt(), "STOPPED", "{\"read\": 3}");
    first.close();

    try (RunLease second = store.resume(FLOW, "stream")) {
      StoredRun run = store.storedRun(FLOW, "stream").orElseThrow();
      assertThat(second.run(), is(first.run()));
      assertThat(second.attempt(), is(2));
      assertThat(run.attempts(), is(2));
      assertThat(run.endedAt(), is(Optional.empty()));
      assertThat(run.outcome(), is(Optional.empty()));
      assertThat(run.stateFingerprint(), is(Optional.of("s1")));
      assertThat(run.stateDescription(), is(Optional.of("two steps")));
      assertThat(run.logicFingerprint(), is(Optional.of("l1")));
      assertThat(run.restoreFrom(), is(Optional.of("/checkpoints/7")));
      assertThat(run.savepoint(), is(Optional.of("/checkpoints/7/savepoint-1")));
      assertThat("the request was followed", run.stopRequested(), is(Optional.empty()));
      assertThat(store.closedWindows(FLOW, "stream"), contains(MONDAY));

      store.forgetSavepoint(second.runAttempt());
      store.recordLogic(second.runAttempt(), "l2");
      run = store.storedRun(run.run()).orElseThrow();
      assertThat(run.savepoint(), is(Optional.empty()));
      assertThat(run.logicFingerprint(), is(Optional.of("l2")));
    }
  }

  @Test
  void aStreamThatWasEnteredAsLostIsResumedAsWell() {
    RunLease first = store.begin(stream());
    first.close();
    store.endRun(first.runAttempt(), StoredRun.LOST, null);

    try (RunLease second = store.resume(FLOW, "stream")) {
      assertThat(second.run(), is(first.run()));
    }
  }

  @Test
  void resumesNoRunThatIsAtWorkOrHasDoneItsPart() {
    assertThat(whyNotResumed("stream"), containsString("it has no run of a stream"));
    store.begin(batch()).close();
    assertThat(whyNotResumed("batch"), containsString("it has no run of a stream"));

    RunLease lease = store.begin(stream());
    assertThrows(LaneBusyException.class, () -> store.resume(FLOW, "stream"));
    for (String outcome : List.of(StoredRun.SUCCEEDED, StoredRun.DRAINED)) {
      store.endRun(lease.runAttempt(), outcome, null);
      lease.close();
      assertThat(
          whyNotResumed("stream"),
          allOf(
              containsString("its run " + lease.run() + " ended as " + outcome),
              containsString("begin a new run")));
      lease = store.begin(stream());
    }
    lease.close();
  }

  @Test
  void tellsTheStreamHowToStop() {
    RunLease lease = store.begin(stream());
    assertThat(store.stopRequested(lease.run()), is(Optional.empty()));

    assertThat(store.requestStop(FLOW, "stream", StopKind.SAVEPOINT), is(lease.run()));
    assertThat(store.stopRequested(lease.run()), is(Optional.of(StopKind.SAVEPOINT)));
    store.requestStop(FLOW, "stream", StopKind.DRAIN);
    assertThat(store.stopRequested(lease.run()), is(Optional.of(StopKind.DRAIN)));

    lease.close();
    assertThat(whyNotStopped("stream"), containsString("its process is gone"));
    store.endRun(lease.runAttempt(), StoredRun.DRAINED, null);
    assertThat(whyNotStopped("stream"), containsString("no run of a stream is under way"));
    try (RunLease batch = store.begin(batch())) {
      assertThat(batch.isHeld(), is(true));
      assertThat(whyNotStopped("batch"), containsString("no run of a stream is under way"));
    }
  }

  @Test
  void keepsWhatARunWasAskedFor() {
    try (RunLease lease =
        store.begin(RunRequest.restatement(FLOW, "stream", "direct", MONDAY, "a gap"))) {
      StoredRun run = store.storedRun(lease.run()).orElseThrow();

      assertThat(run.kind(), is(RunKind.RESTATEMENT));
      assertThat(run.staged(), is(true));
      assertThat(run.span(), is(Optional.of(MONDAY)));
      assertThat(run.reason(), is(Optional.of("a gap")));
      assertThat(run.runner(), is("direct"));
      assertThat(run.attempts(), is(1));
      assertThat("a restatement is not the lane's run", store.storedRun(FLOW, "stream").isEmpty());
    }
  }

  @Test
  void keepsWhatThereWasToRead() {
    RunLease lease = store.begin(stream());
    lease.close();
    long run = lease.run();
    InputRange first = new InputRange("sales[0]", "topic-1", 5, OptionalLong.empty());
    InputRange second = new InputRange("sales[1]", "topic-1", 0, OptionalLong.of(9));
    store.recordInputs(FLOW, "stream", lease.runAttempt(), List.of(second, first));
    InputRange ended = new InputRange("sales[0]", "topic-1", 5, OptionalLong.of(7));

    assertThat(store.inputs(FLOW, "stream", run), contains(first, second));
    store.recordInputs(FLOW, "stream", lease.runAttempt(), List.of(ended));
    assertThat(store.inputs(FLOW, "stream", run), contains(ended, second));
    assertThat(store.inputs(FLOW, "batch", run), empty());
  }

  @Test
  void knowsNothingOfARunThatThereIsNot() {
    assertThat(store.storedRun(7), is(Optional.empty()));
    assertThat(store.storedRun(FLOW, "batch"), is(Optional.empty()));
    assertThat(store.stopRequested(7), is(Optional.empty()));
    assertThat(
        assertThrows(StoreException.class, () -> store.recordSavepoint(new RunAttempt(7, 1), "/s"))
            .getMessage(),
        containsString("there is no run 7"));
  }

  @Test
  void refusesARunThatWouldLeaveAPartOfALaneHalfDone() {
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new RunRequest(
                        FLOW,
                        "batch",
                        "flink",
                        RunKind.RUN,
                        false,
                        Optional.of(MONDAY),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
            .getMessage(),
        containsString("has to be staged"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class, () -> RunRequest.stream(FLOW, "batch~1", "flink"))
            .getMessage(),
        containsString("'batch~1' is no name of a lane"));
  }

  private static RunRequest batch() {
    return RunRequest.bounded(FLOW, "batch", "flink");
  }

  private static RunRequest stream() {
    return RunRequest.stream(FLOW, "stream", "flink");
  }

  /** Begins all of them at once, each through a store of its own; those that may begin. */
  private List<RunLease> beginAtOnce(List<RunRequest> requests) throws Exception {
    CyclicBarrier together = new CyclicBarrier(requests.size());
    ExecutorService threads = Executors.newFixedThreadPool(requests.size());
    try {
      List<Future<Optional<RunLease>>> calls = new ArrayList<>();
      for (RunRequest request : requests) {
        calls.add(
            threads.submit(
                () -> {
                  try (Store own = Store.open(postgres.asOwner())) {
                    together.await();
                    return Optional.of(own.begin(request));
                  } catch (LaneBusyException e) {
                    return Optional.empty();
                  }
                }));
      }
      List<RunLease> won = new ArrayList<>();
      for (Future<Optional<RunLease>> call : calls) {
        call.get().ifPresent(won::add);
      }
      return won;
    } finally {
      threads.shutdownNow();
    }
  }

  /** Kills the process of the server that holds the run's lock, and waits until it is gone. */
  private void kill(RunLease lease) {
    assertThat(
        count(
            "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_locks"
                + " JOIN pg_database d ON d.oid = pg_locks.database"
                + " WHERE datname = current_database() AND locktype = 'advisory'"
                + " AND objsubid = 1 AND objid::bigint = "
                + lease.run()),
        is(1L));
  }

  private Optional<String> outcome(long run) {
    return store.storedRun(run).orElseThrow().outcome();
  }

  private String whyNotResumed(String lane) {
    return assertThrows(StoreException.class, () -> store.resume(FLOW, lane)).getMessage();
  }

  private String whyNotStopped(String lane) {
    return assertThrows(
            StoreException.class, () -> store.requestStop(FLOW, lane, StopKind.SAVEPOINT))
        .getMessage();
  }

  private long rows(String lane) {
    return count("SELECT count(*) FROM crossfade.sales WHERE lane = '" + lane + "'");
  }

  private long closings(String lane) {
    return count("SELECT count(*) FROM crossfade.closed_windows WHERE lane = '" + lane + "'");
  }

  private long count(String sql) {
    return postgres.number(sql);
  }
}
