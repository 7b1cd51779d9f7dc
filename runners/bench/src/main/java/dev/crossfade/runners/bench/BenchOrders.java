package dev.crossfade.runners.bench;

import dev.crossfade.transforms.Flow;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.results.ColumnType;

/** Orders and takings of a shop in a minute, each order once. */
public final class BenchOrders implements Flow<BenchOrder> {
  @Override
  public String name() {
    return "bench-orders";
  }

  @Override
  public Class<BenchOrder> eventType() {
    return BenchOrder.class;
  }

  @Override
  public Aggregation<BenchOrder> define(FlowContext context) {
    return Aggregation.over(BenchOrder.class)
        .identifiedBy(BenchOrder::id)
        .key("shop", ColumnType.TEXT, BenchOrder::shop)
        .count("orders")
        .sum("cents", BenchOrder::cents);
  }
}
