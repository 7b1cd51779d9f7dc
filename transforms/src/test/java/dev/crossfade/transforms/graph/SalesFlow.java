package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.Flow;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.windows.WindowShape;
import dev.crossfade.transforms.windows.Windowing;
import java.time.Duration;
import java.time.Instant;

/** A flow with every aggregate there is, for the tests of this package. */
final class SalesFlow implements Flow<Sale> {
  static FlowPlan<Sale> plan(Duration watermarkDelay, Duration allowedLateness) {
    return FlowPlan.of(
        new SalesFlow(),
        FlowContext.empty(),
        new EventTimes(
            "at",
            null,
            Instant.parse("2001-01-01T00:00:00Z"),
            Instant.parse("2001-12-31T00:00:00Z")),
        new Windowing(
            new WindowShape.Fixed(Duration.ofMinutes(10)),
            watermarkDelay,
            allowedLateness,
            Duration.ofSeconds(1)));
  }

  @Override
  public String name() {
    return "sales";
  }

  @Override
  public Class<Sale> eventType() {
    return Sale.class;
  }

  @Override
  public Aggregation<Sale> define(FlowContext context) {
    return Aggregation.over(Sale.class)
        .key("shop", ColumnType.TEXT, Sale::shop)
        .describe("label", key -> "shop " + key.text(0))
        .count("sales")
        .countWhere("large", sale -> sale.items() >= 10)
        .sum("items", Sale::items)
        .sum("amount", 2, Sale::amount)
        .mean("mean_items", 2, Sale::items)
        .max("most_items", Sale::items)
        .min("least_items", sale -> 100 / (sale.items() - 13));
  }
}
