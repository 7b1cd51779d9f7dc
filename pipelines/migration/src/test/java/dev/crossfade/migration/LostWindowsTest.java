package dev.crossfade.migration;

import static dev.crossfade.migration.PlantedLane.TABLE;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import dev.crossfade.migration.Comparison.Verdict;
import dev.crossfade.transforms.results.EventWindow;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An hour that one lane has lost, with all that would tell of it, never passes for equal. */
class LostWindowsTest {
  private static final LaneTable BATCH = LaneTable.of(TABLE, "batch");
  private static final LaneTable STREAM = LaneTable.of(TABLE, "stream");
  private static final LaneTable LEGACY = LaneTable.legacy(TABLE, "reports.sales");
  private static final EventWindow DAY = new EventWindow(hour(0).start(), hour(9).end());

  private Postgres postgres;

  @BeforeEach
  void prepare() {
    postgres = Postgres.database();
    try (Store store = Store.open(postgres.asOwner())) {
      store.prepare(TABLE);
    }
    postgres.sql("CREATE SCHEMA reports");
    postgres.sql(
        "CREATE TABLE reports.sales (shop text, window_start timestamptz, window_end timestamptz,"
            + " amount numeric, tax numeric, total numeric, note text)");
  }

  @AfterEach
  void close() {
    postgres.close();
  }

  @Test
  void anHourThatTheBatchLostIsADifferenceWhereItsInputCoversIt() {
    batch(DAY, 1, 2, 4);
    stream(StoredRun.SUCCEEDED, 1, 2, 3, 4);

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.DIFFERENT));
    assertThat(found.windows().get(hour(3)), is(new WindowCounts(0, 1, 0)));
    assertThat(found.counts().get(Difference.Kind.MISSING_LEFT), is(1L));
  }

  @Test
  void anHourThatTheStreamLostIsADifferenceOnceALaterOneIsClosed() {
    batch(DAY, 1, 2, 3, 4);
    stream(null, 1, 2, 4);

    assertThat(compare(BATCH, STREAM).verdict(), is(Verdict.DIFFERENT));
  }

  @Test
  void anHourThatTheStreamLostAtTheEdgeIsADifferenceOnceItsWatermarkHasPassed() {
    batch(DAY, 1, 2, 3);
    stream(null, 1, 2);
    assertThat(compare(BATCH, STREAM).verdict(), is(Verdict.EQUAL));

    frontier("stream", 1, hour(3).end().minusMillis(1));
    assertThat(compare(BATCH, STREAM).verdict(), is(Verdict.EQUAL));

    postgres.sql("DELETE FROM crossfade.frontiers");
    frontier("stream", 1, hour(3).end());
    assertThat(compare(BATCH, STREAM).verdict(), is(Verdict.DIFFERENT));
  }

  @Test
  void theFirstAndTheLastHourAreDifferencesAfterTheDeclaredEnd() {
    batch(null, 1, 2, 3);
    stream(StoredRun.SUCCEEDED, 2);

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.DIFFERENT));
    assertThat(found.windows().keySet(), contains(hour(1), hour(2), hour(3)));
  }

  @Test
  void theFirstHourIsADifferenceWhileTheStreamIsAtWorkIfItsTopicHeldItsBeginning() {
    batch(DAY, 1, 2);
    stream(null, 2);

    assertThat(compare(BATCH, STREAM).verdict(), is(Verdict.DIFFERENT));
  }

  @Test
  void theFirstHourCannotBeJudgedIfTheTopicHadLostItsBeginning() {
    batch(DAY, 1, 2);
    stream(null, 2);
    postgres.input(TABLE, "stream", 1, 17);

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.INCONCLUSIVE));
    assertThat(
        found.notCompared().get(hour(1)),
        is(new NotCompared(1, 0, WindowState.CLOSED, WindowState.BEFORE_SPAN)));
    assertThat(found.reason(), containsString("1 other window cannot be judged"));
  }

  @Test
  void anEndedStreamOfATopicWithoutItsBeginningSaysNothingIfItHasNothing() {
    batch(DAY, 1, 2);
    stream(StoredRun.SUCCEEDED);
    postgres.input(TABLE, "stream", 1, 17);

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.INCONCLUSIVE));
    assertThat(found.notCompared().get(hour(1)).right(), is(WindowState.BEFORE_SPAN));
  }

  @Test
  void betweenTheWindowsOfABatchThatSaysNoSpanAMissingHourIsADifference() {
    batch(null, 1, 3);
    stream(StoredRun.SUCCEEDED, 1, 2, 3);

    assertThat(compare(BATCH, STREAM).verdict(), is(Verdict.DIFFERENT));
  }

  @Test
  void beforeAndAfterTheWindowsOfABatchThatSaysNoSpanNobodyKnows() {
    batch(null, 2, 3);
    stream(StoredRun.SUCCEEDED, 1, 2, 3);
    assertThat(compare(BATCH, STREAM).verdict(), is(Verdict.INCONCLUSIVE));

    closed("stream", 1, 4);
    row("stream", 1, 4);
    Comparison found = compare(BATCH, STREAM);
    assertThat(found.verdict(), is(Verdict.INCONCLUSIVE));
    assertThat(found.reason(), containsString("2 other windows cannot be judged"));
    assertThat(found.notCompared().get(hour(1)).left(), is(WindowState.UNKNOWN));
    assertThat(found.notCompared().get(hour(4)).left(), is(WindowState.UNKNOWN));
    assertThat(found.unjudged(), is(2L));
  }

  @Test
  void aBatchThatSaysNoSpanMayBeBehindAStreamThatIsStillAtTheWindow() {
    batch(null, 1, 2);
    stream(null, 1, 2);
    row("stream", 1, 3);

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.EQUAL));
    assertThat(
        found.notCompared().get(hour(3)),
        is(new NotCompared(0, 1, WindowState.UNKNOWN, WindowState.NOT_YET)));
  }

  @Test
  void whatABatchHasNotCoveredYetDoesNotStandAgainstTheRest() {
    batch(new EventWindow(hour(1).start(), hour(2).end()), 1, 2);
    stream(null, 1, 2, 3, 4);

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.EQUAL));
    assertThat(found.windows().keySet(), contains(hour(1), hour(2)));
    assertThat(found.notClosedLeft(), is(2L));
    assertThat(found.unjudged(), is(0L));
  }

  @Test
  void whatLiesBeforeTheSpanOfABatchCannotBeJudged() {
    batch(new EventWindow(hour(2).start(), hour(9).end()), 2, 3);
    stream(null, 1, 2, 3);

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.INCONCLUSIVE));
    assertThat(found.notCompared().get(hour(1)).left(), is(WindowState.BEFORE_SPAN));
  }

  @Test
  void aRowInAWindowThatTheOtherLaneSaysIsEmptyIsADifferenceBeforeTheWindowIsClosed() {
    batch(DAY, 1, 2);
    stream(null, 1, 2);
    row("stream", 1, 5);

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.DIFFERENT));
    assertThat(found.windows().get(hour(5)), is(new WindowCounts(0, 1, 0)));
  }

  @Test
  void betweenTheSpansOfScheduledRunsNobodyKnows() {
    postgres.batch(TABLE, "batch", 1, null);
    postgres.sql("UPDATE crossfade.runs SET span_from = ?, span_to = ?", at(1), at(2));
    closed("batch", 1, 1, 4);
    row("batch", 1, 1);
    row("batch", 1, 4);
    stream(7, StoredRun.SUCCEEDED, 0, 1, 2, 4, 6);

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.INCONCLUSIVE));
    assertThat(found.windows().keySet(), contains(hour(1), hour(4)));
    assertThat(found.notCompared().get(hour(0)).left(), is(WindowState.BEFORE_SPAN));
    assertThat(found.notCompared().get(hour(2)).left(), is(WindowState.UNKNOWN));
    assertThat(
        "what is not asked for yet",
        found.notCompared().get(hour(6)).left(),
        is(WindowState.NOT_YET));
  }

  @Test
  void anEmptyWindowThatAScheduledRunWasAskedForIsClosed() {
    try (Store store = Store.open(postgres.asOwner());
        RunLease lease =
            store.begin(RunRequest.bounded(TABLE.flow(), "batch", "flink", spanOf(1, 3)))) {
      new PlantedLane(postgres, "batch").stagedBy(lease.run()).row(lease.run(), hour(1), "n", 1, 0);
      store.putInPlace(
          TABLE,
          "batch",
          lease.runAttempt(),
          Optional.of(List.of(hour(1), hour(2), hour(3))),
          List.of());
    }
    stream(9, StoredRun.SUCCEEDED, 1, 2);

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.DIFFERENT));
    assertThat(found.windows().get(hour(2)), is(new WindowCounts(0, 1, 0)));
  }

  @Test
  void aRunPutInPlaceHasClosedWhatItsInputCovers() {
    try (Store store = Store.open(postgres.asOwner());
        RunLease lease =
            store.begin(RunRequest.bounded(TABLE.flow(), "batch", "flink").covering(DAY))) {
      PlantedLane stage = new PlantedLane(postgres, "batch").stagedBy(lease.run());
      stage.row(lease.run(), hour(1), "n", 1, 0);
      stage.close(lease.run(), hour(1));
      stream(9, StoredRun.SUCCEEDED, 1, 2);
      assertThat("not in place", compare(BATCH, STREAM).verdict(), is(Verdict.INCONCLUSIVE));

      store.putInPlace(TABLE, "batch", lease.runAttempt(), Optional.empty(), List.of());

      assertThat(store.storedRun(lease.run()).orElseThrow().covers(), is(Optional.of(DAY)));
      assertThat(compare(BATCH, STREAM).verdict(), is(Verdict.DIFFERENT));
      assertThat(
          store.notClosed(TABLE.flow(), "batch", List.of(hour(1), hour(2), hour(10))),
          contains(hour(10)));
    }
  }

  @Test
  void whatARunOfAStreamWouldHaveToReplaceIsNoEvidence() {
    batch(DAY, 1, 2, 3);
    stream(7, StoredRun.SUCCEEDED, 1, 2, 3);
    postgres.stream(TABLE, "stream", 8, null);
    postgres.sql("DELETE FROM crossfade.closed_windows WHERE lane = 'stream'");
    postgres.sql(
        "UPDATE crossfade.sales SET run = 8 WHERE lane = 'stream' AND window_start <> ?", at(2));
    closed("stream", 8, 1, 3);

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.INCONCLUSIVE));
    assertThat(found.notCompared().get(hour(2)).right(), is(WindowState.EARLIER_RUN));
  }

  @Test
  void whatAnEarlierRunLeftInAnOpenWindowIsNoDifference() {
    batch(DAY, 1);
    stream(7, StoredRun.SUCCEEDED, 1, 5);
    postgres.stream(TABLE, "stream", 8, null);
    postgres.sql("DELETE FROM crossfade.closed_windows WHERE lane = 'stream'");
    postgres.sql(
        "UPDATE crossfade.sales SET run = 8 WHERE lane = 'stream' AND window_start = ?", at(1));
    closed("stream", 8, 1);

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.EQUAL));
    assertThat(found.notCompared().get(hour(5)).right(), is(WindowState.NOT_YET));
  }

  @Test
  void aNewRunOfAStreamForgetsHowFarAnEarlierOneCame() {
    RunRequest request = RunRequest.stream(TABLE.flow(), "stream", "flink");
    List<EventWindow> hours = List.of(hour(1), hour(2));
    try (Store store = Store.open(postgres.asOwner())) {
      try (RunLease first = store.begin(request)) {
        closed("stream", first.run(), 1);
        frontier("stream", first.run(), hour(8).end());
        assertThat(store.notClosed(TABLE.flow(), "stream", List.of(hour(2))), empty());
      }
      try (RunLease second = store.begin(request)) {
        assertThat(store.notClosed(TABLE.flow(), "stream", hours), is(hours));
        closed("stream", second.run(), 1);
        assertThat(store.notClosed(TABLE.flow(), "stream", hours), contains(hour(2)));
      }
    }
  }

  @Test
  void aDrainedStreamHasNotClosedWhatTheDrainCutOff() {
    batch(DAY, 1, 2);
    stream(StoredRun.DRAINED, 1);
    row("stream", 1, 2);
    postgres.sql(
        "UPDATE crossfade.sales SET amount = 7 WHERE lane = 'stream' AND window_start = ?", at(2));

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.EQUAL));
    assertThat(found.notCompared().get(hour(2)).right(), is(WindowState.NOT_YET));
  }

  @Test
  void anHourThatTheLegacyTableLacksIsADifferenceAndSoIsOneThatOnlyItHas() {
    batch(DAY, 1, 2, 3);
    legacy(1, 3);
    assertThat(compare(LEGACY, BATCH).verdict(), is(Verdict.DIFFERENT));

    legacy(2, 4);
    assertThat(compare(LEGACY, BATCH).windows().get(hour(4)), is(new WindowCounts(1, 0, 0)));

    stream(9, null, 1, 2, 3);
    assertThat("four is open", compare(LEGACY, STREAM).verdict(), is(Verdict.EQUAL));
  }

  @Test
  void aLegacyTableWithoutARowSaysNothing() {
    batch(DAY, 1, 2, 3);

    Comparison found = compare(LEGACY, BATCH);

    assertThat(found.verdict(), is(Verdict.INCONCLUSIVE));
    assertThat(found.reason(), containsString("no window that both lanes have closed"));
    assertThat(found.unjudged(), is(3L));
  }

  @Test
  void rowsDeletedBehindCrossfadesBackAreADifferenceInEveryLane() {
    for (String lane : List.of("batch", "stream")) {
      postgres.sql(
          "TRUNCATE crossfade.sales, crossfade.runs, crossfade.closed_windows,"
              + " crossfade.inputs");
      batch(null, 1, 2, 3);
      stream(9, StoredRun.SUCCEEDED, 1, 2, 3);
      assertThat(compare(BATCH, STREAM).verdict(), is(Verdict.EQUAL));
      postgres.sql("DELETE FROM crossfade.sales WHERE lane = ? AND window_start = ?", lane, at(3));

      assertThat(lane, compare(BATCH, STREAM).verdict(), is(Verdict.DIFFERENT));
    }
  }

  @Test
  void aLaneThatNeverRanAndTwoThatHaveNothingAreInconclusive() {
    batch(DAY, 1);
    Comparison found = compare(BATCH, STREAM);
    assertThat(found.verdict(), is(Verdict.INCONCLUSIVE));
    assertThat(found.notCompared().get(hour(1)).right(), is(WindowState.UNKNOWN));

    postgres.sql("TRUNCATE crossfade.sales, crossfade.runs, crossfade.closed_windows");
    batch(DAY);
    stream(9, StoredRun.SUCCEEDED);
    found = compare(BATCH, STREAM);
    assertThat(found.verdict(), is(Verdict.INCONCLUSIVE));
    assertThat(found.windows().keySet(), empty());
    assertThat(found.notCompared().keySet(), empty());
  }

  @Test
  void aStreamThatHasClosedNothingYetIsNotJudged() {
    batch(DAY, 1, 2);
    stream((String) null);
    row("stream", 1, 1);

    Comparison found = compare(BATCH, STREAM);

    assertThat(found.verdict(), is(Verdict.INCONCLUSIVE));
    assertThat(found.notClosedRight(), is(2L));
    assertThat(found.unjudged(), is(0L));
  }

  @Test
  void aWindowLongAgoOrFarAheadInALegacyTableIsComparedLikeAnyOther() {
    batch(DAY, 1);
    stream(9, StoredRun.SUCCEEDED, 1);
    legacy(1);
    for (String[] bounds :
        new String[][] {
          {"0044-03-15 00:00:00+00 BC", "0044-03-15 01:00:00+00 BC"},
          {"9999-12-31 23:00:00+00", "10000-01-01 00:00:00+00"}
        }) {
      postgres.sql(
          "INSERT INTO reports.sales (shop, window_start, window_end) VALUES"
              + " ('north', ?::timestamptz, ?::timestamptz)",
          (Object[]) bounds);
    }

    Comparison found = compare(LEGACY, STREAM);

    assertThat(found.counts().get(Difference.Kind.MISSING_RIGHT), is(2L));
    assertThat(
        found.windows().keySet().stream().map(EventWindow::toString).toList(),
        allOf(contains(containsString("-0043"), containsString("2001"), containsString("+10000"))));
  }

  private Comparison compare(LaneTable left, LaneTable right) {
    return BothWays.compare(postgres.asOwner(), left, right);
  }

  /** Run 5 over all of the batch lane, with a row in each of some hours. */
  private void batch(EventWindow covers, int... hours) {
    postgres.batch(TABLE, "batch", 5, covers);
    for (int hour : hours) {
      row("batch", 5, hour);
    }
    closed("batch", 5, hours);
  }

  private void stream(String outcome, int... hours) {
    stream(1, outcome, hours);
  }

  /** A run of the stream lane, with a row in each of some hours, which are closed. */
  private void stream(long run, String outcome, int... hours) {
    postgres.stream(TABLE, "stream", run, outcome);
    for (int hour : hours) {
      row("stream", run, hour);
    }
    closed("stream", run, hours);
  }

  private void legacy(int... hours) {
    for (int hour : hours) {
      postgres.sql(
          "INSERT INTO reports.sales (shop, window_start, window_end, amount, tax, total, note)"
              + " SELECT 'north', ?, ?, NULL, NULL, NULL, NULL",
          hour(hour).start(),
          hour(hour).end());
    }
  }

  private void row(String lane, long run, int hour) {
    postgres.row(
        TABLE,
        lane,
        hour(hour),
        List.of("north"),
        Arrays.asList(null, null, null, null),
        run,
        false);
  }

  private void closed(String lane, long run, int... hours) {
    PlantedLane planted = new PlantedLane(postgres, lane);
    for (int hour : hours) {
      planted.close(run, hour(hour));
    }
  }

  private void frontier(String lane, long run, Instant closedTo) {
    postgres.sql(
        "INSERT INTO crossfade.frontiers (flow, lane, run, closed_to) VALUES (?, ?, ?, ?)",
        TABLE.flow(),
        lane,
        run,
        closedTo);
  }

  private static EventWindow spanOf(int first, int last) {
    return new EventWindow(hour(first).start(), hour(last).end());
  }

  private static Instant at(int hour) {
    return hour(hour).start();
  }

  private static EventWindow hour(int hour) {
    Instant start = Instant.parse("2001-01-01T00:00:00Z").plusSeconds(3600L * hour);
    return new EventWindow(start, start.plusSeconds(3600));
  }
}
