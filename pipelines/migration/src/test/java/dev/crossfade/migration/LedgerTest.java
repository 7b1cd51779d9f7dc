package dev.crossfade.migration;

import static dev.crossfade.migration.PlantedLane.MONDAY;
import static dev.crossfade.migration.PlantedLane.TABLE;
import static dev.crossfade.migration.PlantedLane.TUESDAY;
import static dev.crossfade.migration.PlantedLane.WEDNESDAY;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.transforms.results.EventWindow;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final String FLOW = TABLE.flow();
  private static final String MONDAYS = MONDAY.toString();

  private Postgres postgres;
  private Store store;
  private PlantedLane stream;
  private PlantedLane batch;

  @BeforeEach
  void open() {
    postgres = Postgres.database();
    store = Store.open(postgres.asOwner());
    store.prepare(TABLE);
    stream = new PlantedLane(postgres, "stream");
    batch = new PlantedLane(postgres, "batch");
  }

  @AfterEach
  void close() {
    store.close();
    postgres.close();
  }

  @Test
  void saysWhereEveryRecordWent() {
    long run = streamRun();

    LedgerReport ledger = ledger("stream");

    assertThat(ledger.remainders(), empty());
    assertThat(ledger.balanced(), is(true));
    assertThat(
        ledger.sources(),
        contains(
            new SourceLine(
                run, "s[0]", Optional.of(topic(0, 13)), 13, 11, 0, 1, 1, 1, true, true)));
    assertThat(
        ledger.windows(),
        contains(
            new WindowLine(MONDAY, run, true, false, 5, 3, 1, 0, 1, 0, 1, 0),
            new WindowLine(TUESDAY, run, true, false, 3, 2, 0, 1, 0, 1, 0, 0),
            new WindowLine(WEDNESDAY, run, false, false, 2, 1, 0, 0, 0, 0, 0, 0)));
    assertThat(ledger.windows().get(2).inFlight(), is(1L));
    assertThat(ledger.meets(), contains(new MeetLine(run, RunKind.RUN, true, 11, 10, 1)));
  }

  @Test
  void namesTheWindowOfARowThatIsMissing() {
    long run = streamRun();
    postgres.sql("DELETE FROM crossfade.sales WHERE shop = 'north' AND run = ?", run);

    assertThat(
        remainders(),
        contains(
            "run 1, window "
                + MONDAYS
                + ": decoded 5, accounted for 3"
                + " (counted 1, filtered 1, duplicates 0, dead 1): 2 missing"));
  }

  @Test
  void namesTheWindowOfARowThatShouldNotBeThere() {
    long run = streamRun();
    stream.row(run, MONDAY, "west", 4, 0);

    assertThat(
        remainders(),
        contains(
            "run 1, window "
                + MONDAYS
                + ": decoded 5, accounted for 9"
                + " (counted 7, filtered 1, duplicates 0, dead 1): 4 too many"));
  }

  @Test
  void namesTheWindowOfADeadLetterThatIsMissing() {
    streamRun();
    postgres.sql("DELETE FROM crossfade.dead_letters WHERE window_start IS NOT NULL");

    assertThat(
        remainders(),
        contains(
            "run 1, window "
                + MONDAYS
                + ": decoded 5, accounted for 4"
                + " (counted 3, filtered 1, duplicates 0, dead 0): 1 missing"));
  }

  @Test
  void namesTheSourceOfADeadLetterThatIsMissing() {
    streamRun();
    postgres.sql("DELETE FROM crossfade.dead_letters WHERE window_start IS NULL");

    assertThat(
        remainders(),
        contains("run 1, source s[0]: undecodable 1, dead letters for them 0: 1 missing"));
  }

  @Test
  void namesTheRunOfALateRecordThatIsMissing() {
    streamRun();
    postgres.sql("DELETE FROM crossfade.late_records");

    assertThat(
        remainders(),
        contains(
            "run 1: its sources gave 11, accounted for 10"
                + " (in windows 10, late 0): 1 missing"));
  }

  @Test
  void namesTheSourceThatWasCountedOneShort() {
    streamRun();
    postgres.sql("UPDATE crossfade.origin_ledger SET without_content = 0");

    assertThat(
        remainders(),
        contains(
            "run 1, source s[0]: read 13, from 0 to 13, accounted for 12"
                + " (decoded 11, undecodable 1, without content 0): 1 missing"));
  }

  @Test
  void namesTheSourceThatWasNotReadToItsEnd() {
    streamRun();
    postgres.sql("UPDATE crossfade.inputs SET end_position = 15");

    assertThat(
        remainders(),
        contains(
            "run 1, source s[0]: read to 13, and its keeper has positions up to 15: 2 missing"));
  }

  @Test
  void namesTheSourceOfWhichNothingWasRead() {
    streamRun();
    postgres.sql(
        "INSERT INTO crossfade.inputs (flow, lane, run, source, identity, first_position,"
            + " end_position) VALUES (?, 'stream', 1, 's[1]', 't', 3, 8)",
        FLOW);

    assertThat(
        remainders(),
        contains("run 1, source s[1]: read to 3, and its keeper has positions up to 8: 5 missing"));
  }

  @Test
  void aSourceWithoutPositionsIsJudgedByItsCount() {
    long run = begin(RunRequest.bounded(FLOW, "batch", "flink"));
    RunAttempt attempt = new RunAttempt(run, 1);
    store.recordInputs(FLOW, "batch", attempt, List.of(InputRange.ofCount("t", "", 3)));
    batch.origin(run, "t", 2, 0, 1, 0, 0);
    batch.undecodable(run, "t:(0,1)");
    batch.decoded(run, MONDAY, 2, 0);
    batch.stagedBy(run).row(run, MONDAY, "north", 2, 0);
    store.putInPlace(TABLE, "batch", attempt, Optional.empty(), List.of());
    store.endRun(attempt, StoredRun.SUCCEEDED, null);

    LedgerReport ledger = ledger("batch");
    assertThat(ledger.remainders(), empty());
    assertThat(ledger.sources().get(0).positions(), is(3L));
    assertThat(ledger.sources().get(0).input(), is(Optional.of(InputRange.ofCount("t", "", 3))));

    for (long counted : new long[] {5, 1}) {
      postgres.sql("UPDATE crossfade.inputs SET end_position = ?", counted);
      assertThat(
          ledger("batch").remainders(),
          contains(
              "run 1, source t: its source system counted "
                  + counted
                  + " records, accounted for 3 (decoded 2, undecodable 1): "
                  + (counted == 5 ? "2 missing" : "2 too many")));
    }
    assertThrows(
        IllegalArgumentException.class, () -> new InputRange("t", "", 1, OptionalLong.of(3), true));
  }

  @Test
  void namesTheSourceThatNoKeeperVouchesFor() {
    streamRun();
    postgres.sql("DELETE FROM crossfade.inputs");

    assertThat(
        remainders(),
        contains(
            "run 1, source s[0]: what its keeper has was not recorded, and records came of it"));
  }

  @Test
  void namesTheRunOfWhichNothingWasRecorded() {
    long run = begin(RunRequest.stream(FLOW, "stream", "flink"));
    store.endRun(new RunAttempt(run, 1), StoredRun.SUCCEEDED, null);

    assertThat(remainders(), contains("run 1: what there was to read was not recorded"));
  }

  @Test
  void whatIsOnItsWayIsNotJudged() {
    long run = begin(RunRequest.stream(FLOW, "stream", "flink"));
    store.recordInputs(
        FLOW,
        "stream",
        new RunAttempt(run, 1),
        List.of(new InputRange("s[0]", "t", 0, OptionalLong.empty())));
    // Eight were read; of the window's four, two are in a row, and of one the letter is on its way.
    stream.origin(run, "s[0]", 6, 0, 2, 0, 8);
    stream.decoded(run, MONDAY, 4, 0);
    stream.row(run, MONDAY, "north", 2, 0);
    stream.undecodable(run, "s[0]:4");

    LedgerReport ledger = ledger("stream");

    assertThat(ledger.remainders(), empty());
    assertThat(ledger.windows().get(0).inFlight(), is(2L));
    assertThat(ledger.windows().get(0).remainder(), is(0L));
    assertThat(ledger.meets().get(0).inFlight(), is(2L));
    assertThat(ledger.sources().get(0).withoutLetter(), is(1L));
    assertThat(ledger.sources().get(0).positions(), is(8L));
    assertThat(ledger.sources().get(0).unread(), is(0L));

    stream.close(run, MONDAY);
    assertThat(
        "a closed window is judged while the run is at work",
        ledger("stream").windows().get(0).remainder(),
        is(2L));
  }

  @Test
  void aStreamThatWasDrainedNeedNotHaveReadAll() {
    streamRun(StoredRun.DRAINED);
    postgres.sql("UPDATE crossfade.inputs SET end_position = 15");

    assertThat(remainders(), empty());
    assertThat(ledger("stream").sources().get(0).unread(), is(2L));

    postgres.sql("DELETE FROM crossfade.late_records");
    assertThat("but where the ledgers meet is judged", remainders().size(), is(1));
  }

  @Test
  void aRestatedWindowIsJudgedByTheRunThatRestatedIt() {
    long first = streamRun();
    long run = restateMonday();

    LedgerReport ledger = ledger("stream");

    assertThat(ledger.remainders(), empty());
    assertThat(
        ledger.windows().subList(0, 2),
        contains(
            new WindowLine(MONDAY, run, true, true, 6, 5, 1, 0, 0, 0, 1, 1),
            new WindowLine(TUESDAY, first, true, false, 3, 2, 0, 1, 0, 1, 0, 0)));
    assertThat(
        "each meets by its own counts",
        ledger.meets(),
        contains(
            new MeetLine(first, RunKind.RUN, true, 11, 10, 1),
            new MeetLine(run, RunKind.RESTATEMENT, true, 6, 6, 0)));
    assertThat(
        "the one that was mended is a letter of the run before",
        ledger.sources().stream().map(SourceLine::deadLetters).toList(),
        contains(1L, 0L));

    postgres.sql("UPDATE crossfade.sales SET folded = 1 WHERE run = ?", run);
    assertThat(
        remainders(),
        contains(
            "run 2, window "
                + MONDAYS
                + ": decoded 6, accounted for 2"
                + " (counted 1, filtered 1, duplicates 0, dead 0): 4 missing"));
  }

  @Test
  void aRunThatIsNotInPlaceChangesNothing() {
    streamRun();
    LedgerReport before = ledger("stream");
    long failed = begin(RunRequest.restatement(FLOW, "stream", "flink", MONDAY, "a gap"));
    store.recordInputs(FLOW, "stream", new RunAttempt(failed, 1), List.of(topic(0, 13)));
    stream.origin(failed, "s[0]", 5, 0, 0, 0, 5);
    stream.decoded(failed, MONDAY, 5, 0);
    stream.stagedBy(failed).row(failed, MONDAY, "north", 1, 0);
    // It saw the letters of the first run again, took one for something else, and found another.
    stream.dead(failed, "s[0]:3", TUESDAY);
    stream.undecodable(failed, "s[0]:7");
    stream.dead(failed, "s[0]:8", MONDAY);

    assertThat(ledger("stream"), is(before));
    store.endRun(new RunAttempt(failed, 1), "FAILED", null);
    assertThat(ledger("stream"), is(before));
  }

  @Test
  void aLetterBelongsToTheRunsThatSawItAndToNoneBetweenThem() {
    long first = streamRun();
    long second = restateMonday();
    long third = begin(RunRequest.restatement(FLOW, "stream", "flink", TUESDAY, "a gap"));
    store.recordInputs(FLOW, "stream", new RunAttempt(third, 1), List.of(topic(0, 8)));
    stream.origin(third, "s[0]", 7, 4, 1, 0, 8);
    stream.undecodable(third, "s[0]:7");
    stream.decoded(third, TUESDAY, 3, 0);
    stream.stagedBy(third).row(third, TUESDAY, "south", 3, 0);
    store.putInPlace(
        TABLE, "stream", new RunAttempt(third, 1), Optional.of(List.of(TUESDAY)), List.of());

    LedgerReport ledger = ledger("stream");

    assertThat(ledger.remainders(), empty());
    assertThat(
        ledger.sources().stream().map(line -> List.of(line.run(), line.deadLetters())).toList(),
        contains(List.of(first, 1L), List.of(second, 0L), List.of(third, 1L)));
  }

  @Test
  void aLetterThatTheStreamSeesAfterARestatementIsOneOfBoth() {
    long first = streamRun();
    long second = restateMonday();
    // The restatement has read further than the stream.
    stream.undecodable(second, "s[0]:12");
    postgres.sql(
        "UPDATE crossfade.origin_ledger SET undecodable = 1, outside = 5, decoded = 11"
            + " WHERE run = ?",
        second);
    assertThat(remainders(), empty());

    stream.undecodable(first, "s[0]:12");
    postgres.sql(
        "UPDATE crossfade.origin_ledger SET undecodable = 2, without_content = 0 WHERE run = ?",
        first);

    assertThat(remainders(), empty());
    assertThat(
        "the later run's word stands",
        store.letters(FLOW, "stream", LetterFilter.OPEN.withOrigin("s[0]:12")).get(0).run(),
        is(second));
  }

  @Test
  void aRunThatReplacedAllOfALaneStandsAlone() {
    for (int i = 0; i < 2; i++) {
      long run = begin(RunRequest.bounded(FLOW, "batch", "flink"));
      store.recordInputs(FLOW, "batch", new RunAttempt(run, 1), List.of(file(3)));
      batch.origin(run, "f", 2, 0, 0, 1, 4);
      batch.decoded(run, MONDAY, 2, 0);
      batch.stagedBy(run).row(run, MONDAY, "north", 2, 0);
      batch.stagedBy(run).close(run, MONDAY);
      store.putInPlace(TABLE, "batch", new RunAttempt(run, 1), Optional.empty(), List.of());
      store.endRun(new RunAttempt(run, 1), StoredRun.SUCCEEDED, null);
    }

    LedgerReport ledger = ledger("batch");

    assertThat(ledger.balanced(), is(true));
    assertThat(ledger.sources().stream().map(SourceLine::run).toList(), contains(2L));
    assertThat(ledger.meets().stream().map(MeetLine::run).toList(), contains(2L));
  }

  @Test
  void looksAtTheWindowsAskedForAndTheRunsThatTheyStandBy() {
    long first = streamRun();
    long run = restateMonday();

    LedgerReport monday = store.ledger(TABLE, "stream", Optional.of(MONDAY));
    LedgerReport tuesday = store.ledger(TABLE, "stream", Optional.of(TUESDAY));

    assertThat(monday.windows().stream().map(WindowLine::window).toList(), contains(MONDAY));
    assertThat(monday.meets().stream().map(MeetLine::run).toList(), contains(run));
    assertThat(monday.sources().stream().map(SourceLine::run).toList(), contains(run));
    assertThat(tuesday.windows().stream().map(WindowLine::window).toList(), contains(TUESDAY));
    assertThat(tuesday.meets().stream().map(MeetLine::run).toList(), contains(first));
    assertThat(
        "half a day is no window",
        store
            .ledger(
                TABLE,
                "stream",
                Optional.of(new EventWindow(MONDAY.start(), MONDAY.start().plusSeconds(60))))
            .isEmpty(),
        is(true));
  }

  @Test
  void whereThereIsNothingNothingIsProved() {
    LedgerReport ledger = ledger("stream");

    assertThat(ledger.isEmpty(), is(true));
    assertThat(ledger.remainders(), empty());
    assertThat(ledger.balanced(), is(false));
  }

  @Test
  void seesTheLaneAsItWasAtOneMoment() throws Exception {
    streamRun();
    LedgerReport before = ledger("stream");

    try (Store own = Store.open(postgres.asOwner());
        Connection inTheWay = postgres.asOwner().connect();
        Statement statement = inTheWay.createStatement()) {
      inTheWay.setAutoCommit(false);
      // The windows are read by the time when the inputs are.
      statement.execute("LOCK TABLE crossfade.inputs IN ACCESS EXCLUSIVE MODE");
      CompletableFuture<LedgerReport> reading =
          CompletableFuture.supplyAsync(() -> own.ledger(TABLE, "stream", Optional.empty()));
      postgres.await("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)");
      postgres.sql("DELETE FROM crossfade.late_records");
      inTheWay.rollback();

      assertThat(reading.join(), is(before));
    }
    assertThat(ledger("stream").balanced(), is(false));
  }

  @Test
  void takesNoMoreThanTheRightToRead() {
    streamRun();
    postgres.sql("GRANT USAGE ON SCHEMA crossfade TO stranger");
    postgres.sql("GRANT SELECT ON ALL TABLES IN SCHEMA crossfade TO stranger");

    try (Store reader = Store.open(postgres.as("stranger"))) {
      assertThat(reader.ledger(TABLE, "stream", Optional.empty()), is(ledger("stream")));
    }
  }

  private long streamRun() {
    return streamRun(StoredRun.SUCCEEDED);
  }

  /**
   * A run that has read 13 positions: one without content, one undecodable, one late; five events
   * on Monday, of which one is dead and one filtered out; three on Tuesday, of which one is a
   * duplicate and one cancelled out; two on Wednesday, which is not closed.
   */
  private long streamRun(String outcome) {
    long run = begin(RunRequest.stream(FLOW, "stream", "flink"));
    store.recordInputs(FLOW, "stream", new RunAttempt(run, 1), List.of(topic(0, 13)));
    stream.origin(run, "s[0]", 11, 0, 1, 1, 13);
    stream.decoded(run, MONDAY, 5, 1);
    stream.row(run, MONDAY, "north", 2, 0);
    stream.row(run, MONDAY, "south", 1, 0);
    stream.dead(run, "s[0]:3", MONDAY);
    stream.undecodable(run, "s[0]:7");
    stream.late(run, "s[0]:9", MONDAY);
    stream.decoded(run, TUESDAY, 3, 0);
    stream.row(run, TUESDAY, "south", 1, 1);
    stream.tombstone(run, TUESDAY, "east", 1);
    stream.conflict(run, TUESDAY, "south", "sale-5");
    stream.decoded(run, WEDNESDAY, 2, 0);
    stream.row(run, WEDNESDAY, "south", 1, 0);
    stream.close(run, MONDAY, TUESDAY);
    store.endRun(new RunAttempt(run, 1), outcome, null);
    return run;
  }

  /** Monday again, from the same positions, with the late record and the mended letter. */
  private long restateMonday() {
    long run = begin(RunRequest.restatement(FLOW, "stream", "flink", MONDAY, "mended"));
    store.recordInputs(FLOW, "stream", new RunAttempt(run, 1), List.of(topic(0, 13)));
    stream.origin(run, "s[0]", 12, 6, 0, 1, 13);
    stream.decoded(run, MONDAY, 6, 1);
    stream.stagedBy(run).row(run, MONDAY, "north", 5, 0);
    store.putInPlace(
        TABLE, "stream", new RunAttempt(run, 1), Optional.of(List.of(MONDAY)), List.of("s[0]:7"));
    store.endRun(new RunAttempt(run, 1), StoredRun.SUCCEEDED, null);
    return run;
  }

  private static InputRange topic(long first, long end) {
    return new InputRange("s[0]", "t", first, OptionalLong.of(end));
  }

  private static InputRange file(long lines) {
    return new InputRange("f", "sha", 1, OptionalLong.of(lines + 1));
  }

  private long begin(RunRequest request) {
    try (RunLease lease = store.begin(request)) {
      return lease.run();
    }
  }

  private LedgerReport ledger(String lane) {
    return store.ledger(TABLE, lane, Optional.empty());
  }

  private List<String> remainders() {
    return ledger("stream").remainders();
  }
}
