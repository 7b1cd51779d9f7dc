package dev.crossfade.runners.flink.crash;

import dev.crossfade.transforms.Flow;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.results.ColumnType;

/** Sales of a shop in a window. Orders that come twice count once. */
public final class Orders implements Flow<Order> {
  static final String NAME = "orders";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Class<Order> eventType() {
    return Order.class;
  }

  @Override
  public Aggregation<Order> define(FlowContext context) {
    return Aggregation.over(Order.class)
        .identifiedBy(Order::id)
        .key("shop", ColumnType.TEXT, Order::shop)
        .count("orders")
        .sum("cents", Order::amount)
        .max("largest", Order::amount)
        .mean("mean", 2, Order::amount);
  }
}
