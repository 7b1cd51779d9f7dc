package dev.crossfade.transforms.graph;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.crossfade.transforms.Flow;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.graph.PlainFlow.Place;
import dev.crossfade.transforms.graph.PlainFlow.Row;
import dev.crossfade.transforms.graph.PlainFlow.Told;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.testing.Outcome;
import dev.crossfade.transforms.windows.WindowShape;
import dev.crossfade.transforms.windows.Windowing;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.apache.beam.sdk.Pipeline;

/**
 * The graph folds blocks before it shuffles, and shuffles the sums of many keys at once. Whatever
 * arrives, and whenever windows fire, it says what a plain pipeline says that groups single events.
 */
final class AcceleratedGraphTest {
  private static final Windowing WINDOWING =
      new Windowing(
          new WindowShape.Fixed(Duration.ofMillis(PlainFlow.WINDOW.getMillis())),
          Duration.ofMinutes(2),
          Duration.ofMinutes(5),
          Duration.ofSeconds(1));

  private final FlowPlan<Order> plan =
      FlowPlan.of(
          new OrdersFlow(),
          FlowContext.empty(),
          new EventTimes(
              "at",
              null,
              Instant.parse("2001-01-01T00:00:00Z"),
              Instant.parse("2001-12-31T00:00:00Z")),
          WINDOWING);

  /** What is late is told by the source, partition by partition, as it is here. */
  @Property(tries = 30, shrinking = ShrinkingMode.BOUNDED)
  void severalPartitionsComeToWhatAPlainPipelineComesTo(
      @ForAll("steps") List<Arrivals.Step> steps) {
    requireEqual(Arrivals.of(steps, 3, WINDOWING));
  }

  /** Of one partition the plain pipeline gets the late ones too, and its runner drops them. */
  @Property(tries = 30, shrinking = ShrinkingMode.BOUNDED)
  void whatIsLateIsWhatARunnerDrops(@ForAll("steps") List<Arrivals.Step> steps) {
    requireEqual(Arrivals.of(steps, 1, WINDOWING));
  }

  private void requireEqual(Arrivals arrivals) {
    Pipeline pipeline = Pipeline.create();
    Outcome outcome =
        Outcome.of(
            pipeline,
            pipeline.apply(arrivals.blocks()).apply(ComputeFlow.of(plan, new RecordFormat.Json())));
    Map<Place, Row> plain = PlainFlow.run(arrivals.oneByOne(), WINDOWING);

    Map<Place, Row> last = new HashMap<>();
    outcome.newestResults().values().forEach(each -> last.put(Place.of(each), Row.of(each)));
    assertThat("the last panes", sorted(last), is(sorted(plain)));
    requireSteps(outcome.panes(), arrivals.inTime());
    requireAccounted(outcome, arrivals);
  }

  /**
   * Each pane is the row of the events of its place that came first, as many as it says, and none
   * goes back.
   */
  private static void requireSteps(List<Result> panes, List<Told> inTime) {
    Map<Place, List<Told>> byPlace = new HashMap<>();
    for (Told told : inTime) {
      if (told.counts()) {
        byPlace.computeIfAbsent(Place.of(told), place -> new ArrayList<>()).add(told);
      }
    }
    Map<Place, Long> absorbed = new HashMap<>();
    for (Result pane : panes) {
      Place place = Place.of(pane);
      List<Told> events = byPlace.get(place);
      assertThat("of " + place, events.size(), is(greaterThanOrEqualTo((int) pane.absorbed())));
      assertThat(
          "a pane of " + place, Row.of(pane), is(Row.of(events.subList(0, (int) pane.absorbed()))));
      Long before = absorbed.put(place, pane.absorbed());
      assertThat(pane.absorbed(), is(greaterThanOrEqualTo(before == null ? 1 : before)));
    }
  }

  private static void requireAccounted(Outcome outcome, Arrivals arrivals) {
    assertThat(outcome.unaccounted(), is(empty()));
    assertThat(
        "late records",
        outcome.late().stream().map(late -> late.bytes().toString()).sorted().toList(),
        is(arrivals.late().stream().map(AcceleratedGraphTest::json).sorted().toList()));
    Map<Long, WindowCounts> windows = new TreeMap<>();
    for (Told told : arrivals.inTime()) {
      windows.merge(
          Place.of(told).windowStart(),
          new WindowCounts(1, told.items() == 0 ? 1 : 0),
          WindowCounts::plus);
    }
    Map<Long, WindowCounts> counted = new TreeMap<>();
    outcome
        .windows()
        .forEach(
            (start, counts) -> {
              counted.put(start, new WindowCounts(counts.decoded(), counts.filtered()));
              assertThat(
                  "events by source",
                  counts.sources().values().stream().mapToLong(SourceSpan::events).sum(),
                  is(counts.decoded()));
            });
    assertThat("the events of each window", counted, is(windows));
    assertThat(
        "dead letters",
        outcome.dead(),
        hasSize(
            arrivals.undecodable()
                + (int) arrivals.inTime().stream().filter(told -> told.items() == 13).count()));
  }

  private static Map<String, Row> sorted(Map<Place, Row> rows) {
    Map<String, Row> sorted = new TreeMap<>();
    rows.forEach((place, row) -> sorted.put(place.toString(), row));
    return sorted;
  }

  private static String json(Told told) {
    return Order.json(told.at(), told.shop(), told.id(), told.version(), told.items());
  }

  @Provide
  Arbitrary<List<Arrivals.Step>> steps() {
    return Arrivals.steps();
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
          .describe("label", key -> "shop " + key.text(0))
          .count("orders")
          .countWhere("large", order -> order.items() >= 10)
          .sum("items", order -> order.items() / (order.items() == 13 ? 0 : 1))
          .sum("amount", 2, order -> BigDecimal.valueOf(order.items() * 25L, 2))
          .mean("mean_items", 2, Order::items)
          .max("most_items", Order::items)
          .min("least_items", Order::items)
          .identifiedBy(Order::id)
          .versionedBy(Order::version);
    }
  }
}
