package dev.crossfade.transforms.graph;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.crossfade.transforms.Flow;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.Conflict;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.testing.FlowTester;
import dev.crossfade.transforms.testing.Outcome;
import dev.crossfade.transforms.windows.WindowShape;
import dev.crossfade.transforms.windows.Windowing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every record is counted when it is read and again when it comes out, and the counts meet. */
final class LedgerTest {
  private static final List<String> MIXED =
      List.of(
          Order.json("2001-05-01T10:00:00Z", "a", "1", 1, 5),
          Order.json("2001-05-01T10:01:00Z", "a", "1", 1, 5),
          Order.json("2001-05-01T10:01:00Z", "a", "2", 1, 7),
          Order.json("2001-05-01T10:01:00Z", "a", "2", 2, 8),
          Order.json("2001-05-01T10:02:00Z", "a", "3", 1, 0),
          Order.json("2001-05-01T10:03:00Z", "a", "4", 1, 13),
          Order.json("2001-05-01T10:12:00Z", "b", "5", 1, 1),
          "not a record");

  private final FlowPlan<Order> plan = plan();

  @Test
  void whatWasReadIsCountedFilteredRepeatedOrDead() {
    Outcome outcome = new FlowTester<>(plan, MIXED).runBatch();

    assertThat(outcome.unaccounted(), is(empty()));
    assertThat(outcome.origins(), is(Map.of("batch", new OriginCounts(7, 0, 1, 0, 8))));
    assertThat(
        outcome.windows(),
        is(
            Map.of(
                at("2001-05-01T10:00:00Z"),
                    new WindowCounts(6, 1, Map.of("batch", new SourceSpan(0, 5, 6))),
                at("2001-05-01T10:10:00Z"),
                    new WindowCounts(1, 0, Map.of("batch", new SourceSpan(6, 6, 1))))));
    Result first = outcome.newestResults().values().iterator().next();
    assertThat(first.folded(), is(2L));
    assertThat(first.duplicates(), is(2L));
    assertThat(
        "ids 1 (sent twice, at different times) and 2 (changed)",
        first.conflicts().stream().map(Conflict::id).toList(),
        contains("1", "2"));
    assertThat(outcome.rows().values().iterator().next().values(), is(List.of(2L, 13L)));
  }

  @Test
  void aLaneThatIsSentEverythingTwiceInAnyOrderIsTheOneThatIsNot() {
    List<String> records = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      records.add(
          Order.json(
              "2001-05-01T%02d:%02d:00Z".formatted(10 + i / 30, i * 7 % 60),
              "shop" + i % 3,
              "id" + i,
              1,
              1 + i % 12));
    }
    List<String> twice = new ArrayList<>(records);
    twice.addAll(records);
    FlowPlan<Order> patient = plan(Duration.ofDays(1));
    Outcome once = new FlowTester<>(patient, records).runBatch();
    for (long seed = 0; seed < 5; seed++) {
      Outcome stream = new FlowTester<>(patient, twice).runStream(seed);
      assertThat(stream.rows(), is(once.rows()));
      assertThat(stream.unaccounted(), is(empty()));
      assertThat(
          stream.newestResults().values().stream().mapToLong(Result::duplicates).sum(), is(40L));
    }
  }

  @Test
  void aResultThatWasNotWrittenIsARemainder() {
    Outcome outcome = new FlowTester<>(plan, MIXED).runBatch();
    Outcome torn =
        new Outcome(
            outcome.panes().stream().filter(result -> !result.key().text(0).equals("b")).toList(),
            outcome.dead(),
            outcome.late(),
            outcome.origins(),
            outcome.windows());

    assertThat(
        torn.unaccounted(),
        contains("window from 2001-05-01T10:10:00Z: 1 events decoded, 0 accounted for"));
  }

  @Test
  void aLateRecordOrALetterThatWasNotKeptIsARemainder() {
    Outcome outcome = new FlowTester<>(plan, MIXED).runBatch();
    Outcome torn =
        new Outcome(
            outcome.panes(), List.of(), outcome.late(), outcome.origins(), outcome.windows());

    assertThat(torn.unaccounted(), hasSize(2));
  }

  private static long at(String instant) {
    return Instant.parse(instant).toEpochMilli();
  }

  private static FlowPlan<Order> plan() {
    return plan(Duration.ofMinutes(20));
  }

  private static FlowPlan<Order> plan(Duration allowedLateness) {
    return FlowPlan.of(
        new OrdersFlow(),
        FlowContext.empty(),
        new EventTimes(
            "at",
            null,
            Instant.parse("2001-01-01T00:00:00Z"),
            Instant.parse("2001-12-31T00:00:00Z")),
        new Windowing(
            new WindowShape.Fixed(Duration.ofMinutes(10)),
            Duration.ofMinutes(5),
            allowedLateness,
            Duration.ofSeconds(1)));
  }

  private static final class OrdersFlow implements Flow<Order> {
    @Override
    public String name() {
      return "orders";
    }

    @Override
    public Class<Order> eventType() {
      return Order.class;
    }

    @Override
    public Aggregation<Order> define(FlowContext context) {
      return Aggregation.over(Order.class)
          .key("shop", ColumnType.TEXT, Order::shop)
          .where(order -> order.items() > 0)
          .count("orders")
          .sum("items", order -> order.items() / (order.items() == 13 ? 0 : 1))
          .identifiedBy(Order::id)
          .versionedBy(Order::version);
    }
  }
}
