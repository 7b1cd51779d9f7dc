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
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.migration.QualityFinding.Verdict;
import dev.crossfade.migration.QualityRule.NullShare;
import dev.crossfade.migration.QualityRule.Range;
import dev.crossfade.migration.QualityRule.SumOfParts;
import dev.crossfade.migration.QualityRule.Volume;
import dev.crossfade.transforms.results.EventWindow;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QualityTest {
  private static final String FLOW = TABLE.flow();
  private static final NullShare NOTES = new NullShare("note", new BigDecimal("0.5"));
  private static final Range AMOUNTS =
      new Range("amount", Optional.of(BigDecimal.ZERO), Optional.of(new BigDecimal("99.99")));
  private static final SumOfParts TOTALS = new SumOfParts(List.of("amount", "tax"), "total");
  private static final Volume VOLUME =
      new Volume(Duration.ofDays(1), new BigDecimal("0.5"), new BigDecimal("2"));

  private Postgres postgres;
  private Store store;
  private PlantedLane lane;
  private RunAttempt attempt;

  @BeforeEach
  void open() {
    postgres = Postgres.database();
    store = Store.open(postgres.asOwner());
    store.prepare(TABLE);
    lane = new PlantedLane(postgres, "stream");
    try (RunLease lease = store.begin(RunRequest.stream(FLOW, "stream", "flink"))) {
      attempt = lease.runAttempt();
    }
  }

  @AfterEach
  void close() {
    store.close();
    postgres.close();
  }

  @Test
  void judgesTheShareOfNull() {
    lane.row(1, MONDAY, "north", "x", "1", "1", "2");
    lane.row(1, MONDAY, "south", null, "1", "1", "2");
    lane.row(1, TUESDAY, "north", null, "1", "1", "2");
    lane.row(1, TUESDAY, "south", null, "1", "1", "2");
    lane.row(1, TUESDAY, "west", "x", "1", "1", "2");
    lane.close(1, MONDAY, TUESDAY);

    assertThat(
        judge(NOTES),
        contains(
            finding(MONDAY, NOTES, Verdict.PASSED, "1 of 2 rows without a value"),
            finding(TUESDAY, NOTES, Verdict.VIOLATED, "2 of 3 rows without a value")));
  }

  @Test
  void judgesTheRangeOfValues() {
    lane.row(1, MONDAY, "north", null, "0", null, null);
    lane.row(1, MONDAY, "south", null, "99.99", null, null);
    lane.row(1, MONDAY, "west", null, null, null, null);
    lane.row(1, TUESDAY, "north", null, "-0.01", null, null);
    lane.row(1, TUESDAY, "south", null, "100", null, null);
    lane.row(1, TUESDAY, "west", null, "1", null, null);
    lane.close(1, MONDAY, TUESDAY);
    Range atLeast = new Range("amount", Optional.of(BigDecimal.ZERO), Optional.empty());

    assertThat(
        judge(AMOUNTS, atLeast),
        contains(
            finding(MONDAY, atLeast, Verdict.PASSED, "0 of 3 rows outside"),
            finding(MONDAY, AMOUNTS, Verdict.PASSED, "0 of 3 rows outside"),
            finding(TUESDAY, atLeast, Verdict.VIOLATED, "1 of 3 rows outside"),
            finding(TUESDAY, AMOUNTS, Verdict.VIOLATED, "2 of 3 rows outside")));
  }

  @Test
  void judgesWhetherPartsAddUpToTheWhole() {
    lane.row(1, MONDAY, "north", null, "1.20", "0.20", "1.40");
    lane.row(1, MONDAY, "south", null, null, "0.20", null);
    lane.row(1, TUESDAY, "north", null, "1.20", "0.20", "1.41");
    lane.row(1, TUESDAY, "south", null, "1.20", null, "1.20");
    lane.row(1, TUESDAY, "west", null, "1.20", "0.20", null);
    lane.close(1, MONDAY, TUESDAY);

    assertThat(
        judge(TOTALS),
        contains(
            finding(
                MONDAY, TOTALS, Verdict.PASSED, "0 of 2 rows whose parts add up to something else"),
            finding(
                TUESDAY,
                TOTALS,
                Verdict.VIOLATED,
                "3 of 3 rows whose parts add up to something else")));
  }

  @Test
  void judgesTheVolumeAgainstAnEarlierWindow() {
    EventWindow thursday = PlantedLane.day("2001-01-04");
    lane.decoded(1, MONDAY, 10, 0);
    lane.decoded(1, TUESDAY, 20, 0);
    lane.decoded(1, WEDNESDAY, 9, 0);
    lane.close(1, MONDAY, TUESDAY, WEDNESDAY, thursday);

    assertThat(
        judge(VOLUME),
        contains(
            finding(
                MONDAY,
                VOLUME,
                Verdict.INCONCLUSIVE,
                "10 events, and no closed window to compare with"),
            finding(TUESDAY, VOLUME, Verdict.PASSED, "20 events, and 10 in " + MONDAY),
            finding(WEDNESDAY, VOLUME, Verdict.VIOLATED, "9 events, and 20 in " + TUESDAY),
            finding(thursday, VOLUME, Verdict.VIOLATED, "0 events, and 9 in " + WEDNESDAY)));
  }

  @Test
  void comparesTheVolumeOfLocalDaysAlsoWhereOneIsShorter() {
    // Berlin: the clocks go forward on 25 March 2001, so that the day has 23 hours.
    EventWindow before = new EventWindow(at("2001-03-17T23:00:00Z"), at("2001-03-18T23:00:00Z"));
    EventWindow shorter = new EventWindow(at("2001-03-24T23:00:00Z"), at("2001-03-25T22:00:00Z"));
    EventWindow after = new EventWindow(at("2001-03-31T22:00:00Z"), at("2001-04-01T22:00:00Z"));
    EventWindow eve = new EventWindow(at("2001-03-23T23:00:00Z"), at("2001-03-24T23:00:00Z"));
    for (EventWindow day : List.of(before, shorter, after)) {
      lane.decoded(1, day, 10, 0);
      lane.close(1, day);
    }
    lane.decoded(1, eve, 1000, 0);
    lane.close(1, eve);
    Volume weekly = new Volume(Duration.ofDays(7), BigDecimal.ONE, BigDecimal.ONE);

    assertThat(
        judge(weekly).stream().map(QualityFinding::found).toList(),
        contains(
            "10 events, and no closed window to compare with",
            "1000 events, and no closed window to compare with",
            "10 events, and 10 in " + before,
            "10 events, and 10 in " + shorter));
  }

  @Test
  void judgesTheVersionOfAWindowThatStands() {
    lane.decoded(1, MONDAY, 10, 0);
    lane.decoded(1, TUESDAY, 10, 0);
    lane.decoded(2, MONDAY, 30, 0);
    lane.close(1, MONDAY, TUESDAY);
    judge(VOLUME);
    postgres.sql(
        "UPDATE crossfade.closed_windows SET run = 2 WHERE window_start = ?", MONDAY.start());

    assertThat("nothing was judged of it yet", stored().size(), is(1));
    judge(VOLUME);
    assertThat(
        stored(),
        contains(
            new QualityFinding(
                MONDAY,
                2,
                VOLUME.name(),
                Verdict.INCONCLUSIVE,
                "30 events, and no closed window to compare with"),
            finding(TUESDAY, VOLUME, Verdict.VIOLATED, "10 events, and 30 in " + MONDAY)));
  }

  @Test
  void knowsWhichVersionsOfWindowsSomeRuleHasNotJudged() {
    lane.close(1, MONDAY, TUESDAY);
    List<QualityRule> rules = List.of(NOTES, VOLUME);
    assertThat(store.unjudged(FLOW, "stream", rules), contains(MONDAY, TUESDAY));

    judge(NOTES, VOLUME);
    assertThat(store.unjudged(FLOW, "stream", rules), empty());
    assertThat(store.unjudged(FLOW, "stream", List.of(TOTALS)), contains(MONDAY, TUESDAY));
    lane.close(1, WEDNESDAY);
    postgres.sql(
        "UPDATE crossfade.closed_windows SET run = 2 WHERE window_start = ?", MONDAY.start());
    assertThat(store.unjudged(FLOW, "stream", rules), contains(MONDAY, WEDNESDAY));

    assertThat(store.unjudged(FLOW, "stream", List.of()), empty());
    assertThat(store.unjudged(FLOW, "batch", rules), empty());
  }

  @Test
  void judgesClosedWindowsAloneAndNoTombstones() {
    lane.row(1, MONDAY, "north", "x", "1", "1", "2");
    lane.tombstone(1, MONDAY, "south", 1);
    lane.tombstone(1, TUESDAY, "south", 1);
    lane.row(1, WEDNESDAY, "north", null, "1", "1", "2");
    lane.close(1, MONDAY, TUESDAY);
    new PlantedLane(postgres, "batch").row(1, MONDAY, "north", null, "1", "1", "2");

    assertThat(
        judge(NOTES),
        contains(
            finding(MONDAY, NOTES, Verdict.PASSED, "0 of 1 rows without a value"),
            finding(TUESDAY, NOTES, Verdict.INCONCLUSIVE, "no rows")));
    assertThat(
        store.judgeQuality(TABLE, "stream", attempt, List.of(NOTES), Optional.of(TUESDAY)),
        contains(finding(TUESDAY, NOTES, Verdict.INCONCLUSIVE, "no rows")));
  }

  @Test
  void keepsWhatWasFoundUntilItIsJudgedAgain() {
    lane.row(1, MONDAY, "north", null, "1", "1", "2");
    lane.close(1, MONDAY);
    List<QualityFinding> found = judge(NOTES, TOTALS, TOTALS);
    assertThat(stored(), is(found));
    assertThat(found.size(), is(2));

    postgres.sql("UPDATE crossfade.sales SET note = 'x'");
    assertThat(stored().get(1).verdict(), is(Verdict.VIOLATED));
    judge(NOTES);

    assertThat(stored().get(1).verdict(), is(Verdict.PASSED));
    assertThat("the other rule's", stored().get(0), is(found.get(0)));
    assertThat(store.quality(FLOW, "stream", Optional.of(TUESDAY)), empty());
    assertThat(judge(), empty());
  }

  @Test
  void refusesARuleAboutAColumnThatTheResultsDoNotHave() {
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> judge(new NullShare("colour", BigDecimal.ZERO)))
            .getMessage(),
        allOf(
            containsString("is about 'colour'"),
            containsString("have these columns: shop, amount, tax, total, note")));
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> judge(new SumOfParts(List.of("tax", "note"), "total")))
            .getMessage(),
        allOf(
            containsString("'tax + note = total' is about 'note'"),
            containsString("of numbers: amount, tax, total")));
  }

  @Test
  void refusesARuleThatSaysNothing() {
    assertThrows(
        IllegalArgumentException.class, () -> new NullShare("note", new BigDecimal("1.01")));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Range("amount", Optional.empty(), Optional.empty()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Range("amount", Optional.of(BigDecimal.ONE), Optional.of(BigDecimal.ZERO)));
    assertThrows(IllegalArgumentException.class, () -> new SumOfParts(List.of(), "total"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Volume(Duration.ZERO, BigDecimal.ZERO, BigDecimal.ONE));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Volume(Duration.ofDays(7), BigDecimal.ONE, BigDecimal.ZERO));
  }

  private List<QualityFinding> judge(QualityRule... rules) {
    return store.judgeQuality(TABLE, "stream", attempt, List.of(rules), Optional.empty());
  }

  private List<QualityFinding> stored() {
    return store.quality(FLOW, "stream", Optional.empty());
  }

  private static QualityFinding finding(
      EventWindow window, QualityRule rule, Verdict verdict, String found) {
    return new QualityFinding(window, 1, rule.name(), verdict, found);
  }

  private static Instant at(String instant) {
    return Instant.parse(instant);
  }
}
