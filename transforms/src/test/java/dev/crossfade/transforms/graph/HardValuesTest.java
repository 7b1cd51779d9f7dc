package dev.crossfade.transforms.graph;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.transforms.Flow;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.aggregation.Accumulation;
import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.aggregation.Partial;
import dev.crossfade.transforms.graph.DeadLetter.Step;
import dev.crossfade.transforms.records.Event;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.records.Field;
import dev.crossfade.transforms.records.Nullable;
import dev.crossfade.transforms.records.Origin;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.TypedRow;
import dev.crossfade.transforms.testing.FlowTester;
import dev.crossfade.transforms.testing.Outcome;
import dev.crossfade.transforms.windows.WindowShape;
import dev.crossfade.transforms.windows.Windowing;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Values that no store can hold are dead letters, and the lane goes on, in any order. */
final class HardValuesTest {
  private static final String NOON = "2001-05-01T12:00:00Z";

  /** A value of each kind. */
  public record Hard(
      @Nullable LocalDate day,
      @Nullable @Field("When") Instant when,
      @Nullable BigDecimal amount,
      @Nullable String name,
      @Nullable String id) {}

  /** Has what is hard in its key and in its values. */
  private static final class HardFlow implements Flow<Hard> {
    @Override
    public String name() {
      return "hard";
    }

    @Override
    public Class<Hard> eventType() {
      return Hard.class;
    }

    @Override
    public Aggregation<Hard> define(FlowContext context) {
      return Aggregation.over(Hard.class)
          .key("day", ColumnType.DATE, hard -> orElse(hard.day(), LocalDate.EPOCH))
          .key("at", ColumnType.TIMESTAMP, hard -> orElse(hard.when(), Instant.EPOCH))
          // Cuts a pair in half.
          .key("initial", ColumnType.TEXT, hard -> orElse(hard.name(), "-").substring(0, 1))
          .count("events")
          .sum("amount", 2, hard -> orElse(hard.amount(), BigDecimal.ZERO))
          .describe("described", HardValuesTest::describe)
          .identifiedBy(hard -> orElse(hard.id(), hard.toString()));
    }
  }

  private static <T> T orElse(T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  private static String describe(TypedRow key) {
    return switch (key.text(2)) {
      case "h" -> "half \ud83d";
      case "z" -> "zero \0";
      case "l" -> "l".repeat(ColumnType.MAX_TEXT_LENGTH + 1);
      default -> "all of it";
    };
  }

  private static FlowPlan<Hard> plan(WindowShape shape, Instant notBefore, Instant notAfter) {
    return FlowPlan.of(
        new HardFlow(),
        FlowContext.empty(),
        new EventTimes("at", null, notBefore, notAfter),
        new Windowing(shape, Duration.ofMinutes(5), Duration.ofDays(1), Duration.ofSeconds(1)));
  }

  private static String record(String at, String rest) {
    return "{\"at\":\"" + at + "\"" + rest + "}";
  }

  @Test
  void eachIsADeadLetterThatSaysWhatIsWrongAndTheOthersComeOut() {
    Map<String, String> hard = new TreeMap<>();
    hard.put(",\"day\":\"+9999999-01-01\"", "'day' holds dates from 0001-01-01 to 9999-12-31");
    hard.put(",\"day\":\"+10000-01-01\"", "not +10000-01-01");
    hard.put(",\"day\":\"0000-12-31\"", "not 0000-12-31");
    hard.put(",\"day\":\"-4800-01-01\"", "not -4800-01-01");
    hard.put(",\"day\":\"-999999999-01-01\"", "not -999999999-01-01");
    hard.put(",\"When\":\"+10000-01-01T00:00:00Z\"", "'at' holds times from 0001-01-01T00:00:00Z");
    hard.put(",\"When\":\"0000-12-31T23:59:59.999999Z\"", "'at' holds times");
    hard.put(",\"When\":\"+999999999-12-31T23:59:59Z\"", "'at' holds times");
    hard.put(",\"When\":9223372036854775807", "'at' holds times");
    hard.put(",\"When\":-9223372036854775808", "'at' holds times");
    hard.put(",\"When\":\"infinity\"", "When is 'infinity'");
    hard.put(",\"amount\":1e26", "more than 26 digits before the point");
    hard.put(",\"amount\":\"1e999999999\"", "amount is '1e999999999', which is out of range");
    hard.put(",\"amount\":0.001", "more than 2 digits after the point");
    hard.put(",\"amount\":\"NaN\"", "amount is 'NaN'");
    hard.put(",\"name\":\"\\ud83d\\ude00\"", "'initial' cannot hold half a surrogate pair");
    hard.put(",\"name\":\"\\ud83d\"", "name holds half a surrogate pair");
    hard.put(",\"name\":\"\\u0000\"", "name holds the character U+0000");
    hard.put(",\"id\":\"a\\udc00\"", "id holds half a surrogate pair");
    hard.put(",\"name\":\"h\"", "'described' cannot hold half a surrogate pair");
    hard.put(",\"name\":\"z\"", "'described' cannot hold the character U+0000");
    hard.put(",\"name\":\"l\"", "'described' holds 100000 characters");
    List<String> records = new ArrayList<>();
    hard.keySet().forEach(rest -> records.add(record(NOON, rest)));
    int good = 0;
    for (String rest :
        List.of(
            "",
            ",\"day\":\"0001-01-01\"",
            ",\"day\":\"9999-12-31\"",
            ",\"When\":\"0001-01-01T00:00:00Z\"",
            ",\"When\":\"9999-12-31T23:59:59.999999999Z\"",
            ",\"amount\":99999999999999999999999999.99",
            ",\"amount\":\"-0\"",
            ",\"name\":\"\\u0001\"",
            ",\"name\":\"\\uffff\"")) {
      records.add(record(NOON, rest));
      good++;
    }
    FlowTester<Hard> tester =
        new FlowTester<>(
            plan(
                new WindowShape.Fixed(Duration.ofHours(1)),
                Instant.parse("2001-01-01T00:00:00Z"),
                Instant.parse("2002-01-01T00:00:00Z")),
            records);

    Outcome outcome = tester.runBatch();

    Map<String, String> found = new TreeMap<>();
    for (DeadLetter letter : outcome.dead()) {
      String rest = letter.bytes().toString().replaceAll("^.*?Z\"|}$", "");
      found.put(rest, letter.message());
      assertThat(rest, letter.message(), containsString(hard.getOrDefault(rest, "none")));
      assertThat(letter.message().length() < 400, is(true));
    }
    assertThat(found.keySet(), is(hard.keySet()));
    assertThat(
        outcome.rows().values().stream().mapToLong(row -> row.bigint(0)).sum(), is((long) good));
    assertThat(outcome.unaccounted(), empty());
    tester.assertStreamEqualsBatch(3);
  }

  @Test
  void theEventTimeHasBoundsThatTheSettingsCannotWiden() {
    List<String> dead =
        List.of(
            "+292278994-08-17T07:12:55.808Z",
            "-292275055-05-16T16:47:04.192Z",
            "+999999999-12-31T23:59:59Z",
            "-999999999-01-01T00:00:00Z",
            "9223372036854775807",
            "-9223372036854775808",
            "+294247-01-10T04:00:54.775Z", // where Beam's time ends
            "+10000-01-01T00:00:00Z",
            "0000-12-31T23:59:59.999Z");
    List<String> records = new ArrayList<>();
    dead.forEach(at -> records.add(record(at, "")));
    records.add(record("0001-01-01T00:00:00Z", ""));
    records.add(record("9999-12-31T23:59:59.999Z", ""));
    records.add(record(NOON, ""));
    FlowPlan<Hard> plan =
        plan(new WindowShape.Fixed(Duration.ofHours(1)), Instant.MIN, Instant.MAX);

    Outcome outcome = new FlowTester<>(plan, records).runBatch();

    Set<String> letters = new HashSet<>();
    outcome.dead().forEach(letter -> letters.add(letter.bytes().toString()));
    assertThat(letters, is(new HashSet<>(records.subList(0, dead.size()))));
    outcome.dead().forEach(letter -> assertThat(letter.step(), is(Step.DECODE)));
    assertThat(outcome.rows().size(), is(3));
    assertThat(outcome.unaccounted(), empty());
    // What is believed of the future closes everything before it, which is late then.
    new FlowTester<>(plan, records).assertStreamEqualsBatch(3);
    RecordProbe<Hard> probe = RecordProbe.of(plan, new RecordFormat.Json());
    for (String record : records) {
      assertThat(
          record,
          probe.windowOf("", record.getBytes(StandardCharsets.UTF_8)).isPresent(),
          is(!letters.contains(record)));
    }
  }

  @Test
  void daysOfAZoneAndLongWindowsHaveTheSameBounds() {
    for (WindowShape shape :
        List.of(
            new WindowShape.LocalDay(ZoneId.of("Europe/Berlin")),
            new WindowShape.LocalDay(ZoneId.of("Pacific/Apia")),
            new WindowShape.Fixed(Duration.ofDays(36_500)))) {
      List<String> records =
          List.of(
              record("0001-01-01T00:00:00Z", ""),
              record("9999-12-31T23:59:59Z", ""),
              record(NOON, ""));

      Outcome outcome = new FlowTester<>(plan(shape, Instant.MIN, Instant.MAX), records).runBatch();

      assertThat(shape.toString(), outcome.rows().size() + outcome.dead().size(), is(3));
      outcome
          .rows()
          .keySet()
          .forEach(
              address -> {
                assertThat(
                    address.window().start().isBefore(ColumnType.FIRST_TIMESTAMP), is(false));
                assertThat(address.window().end().getEpochSecond() <= 253402300800L, is(true));
              });
      assertThat(outcome.dead().isEmpty(), is(false));
      outcome
          .dead()
          .forEach(
              letter ->
                  assertThat(
                      letter.message(),
                      containsString("which is not all within what a table holds")));
      assertThat(outcome.unaccounted(), empty());
    }
  }

  /** No event can be refused for it, and no attempt would come to anything else. */
  @Test
  void aSumThatOutgrowsItsColumnIsNullAndStopsNothing() {
    Aggregation<Hard> aggregation =
        Aggregation.over(Hard.class)
            .key("all", ColumnType.TEXT, hard -> "all")
            .count("events")
            .sum("amount", 2, Hard::amount);
    TypedRow key = aggregation.keyOf(new Hard(null, null, null, null, null));
    BigDecimal most = new BigDecimal("99999999999999999999999999.99");
    Partial parts = Partial.NOTHING;
    for (int i = 0; i < 3; i++) {
      Accumulation<Hard> accumulation = aggregation.accumulation(key);
      accumulation.fold(
          new Event<>(
              new Hard(null, null, most, null, null), 0, 5_000_000_000L, new Origin("test", i)));
      parts = parts.plus(accumulation.toPartial());
      TypedRow row = aggregation.valuesOf(key, parts);
      assertThat(row.bigint(0), is(5_000_000_000L * (i + 1)));
      if (i < 2) {
        assertThat(row.get(1), is(most.multiply(BigDecimal.valueOf(5_000_000_000L * (i + 1)))));
      } else {
        assertThat(row.get(1), nullValue());
      }
    }
  }

  /** A mean of ten digits before its point and more than 28 after it would stop a lane for good. */
  @Test
  void aScaleThatLeavesNoRoomIsRefusedWhenTheFlowIsDefined() {
    Aggregation<Hard> none = Aggregation.over(Hard.class);
    for (RuntimeException refused :
        List.of(
            assertThrows(IllegalArgumentException.class, () -> none.mean("mean", 29, hard -> 1)),
            assertThrows(
                IllegalArgumentException.class, () -> none.sum("sum", 29, Hard::amount)))) {
      assertThat(refused.getMessage(), containsString("29 digits after the point; at most 28"));
    }
    Aggregation<Hard> mean =
        none.key("all", ColumnType.TEXT, hard -> "all").mean("mean", 28, hard -> Integer.MIN_VALUE);
    TypedRow key = mean.keyOf(new Hard(null, null, null, null, null));
    Accumulation<Hard> accumulation = mean.accumulation(key);
    accumulation.fold(
        new Event<>(new Hard(null, null, null, null, null), 0, 1, new Origin("test", 0)));
    assertThat(
        mean.valuesOf(key, accumulation.toPartial()).get(0),
        is(new BigDecimal(Integer.MIN_VALUE).setScale(28)));
  }

  /** Two texts that differ in half a pair are two texts, and one of them is no text at all. */
  @Test
  void anIdIsNeverTakenForAnotherOne() {
    Aggregation<Hard> once =
        Aggregation.over(Hard.class)
            .key("all", ColumnType.TEXT, hard -> "all")
            .count("events")
            .identifiedBy(Hard::id);
    TypedRow key = once.keyOf(new Hard(null, null, null, null, null));
    Accumulation<Hard> accumulation = once.accumulation(key);
    for (String id : List.of("a\ud800", "a\ud801", "\udc00a")) {
      Hard event = new Hard(null, null, null, null, id);
      assertThat(
          assertThrows(
                  IllegalArgumentException.class,
                  () -> accumulation.fold(new Event<>(event, 0, 1, new Origin("test", 0))))
              .getMessage(),
          containsString("half a surrogate pair"));
    }
    // Events of one id that differ in a nanosecond, or lie at the end of time, differ.
    for (Instant when :
        List.of(
            Instant.MIN,
            Instant.MAX,
            Instant.EPOCH,
            Instant.EPOCH.plusNanos(1),
            Instant.EPOCH.plusNanos(2))) {
      accumulation.fold(
          new Event<>(new Hard(null, when, null, null, "a"), 0, 1, new Origin("test", 0)));
    }
    Partial partial = accumulation.toPartial();
    assertThat(partial.folded(), is(1L));
    assertThat(partial.conflicts().size(), is(4));
  }
}
