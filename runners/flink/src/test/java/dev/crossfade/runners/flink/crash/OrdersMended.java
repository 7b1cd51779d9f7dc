package dev.crossfade.runners.flink.crash;

import dev.crossfade.transforms.Flow;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.results.ColumnType;

/** The next version of {@link Orders}, which can decode what that one could not. */
public final class OrdersMended implements Flow<MendedOrder> {
  @Override
  public String name() {
    return Orders.NAME;
  }

  @Override
  public Class<MendedOrder> eventType() {
    return MendedOrder.class;
  }

  @Override
  public Aggregation<MendedOrder> define(FlowContext context) {
    return Aggregation.over(MendedOrder.class)
        .identifiedBy(MendedOrder::id)
        .key("shop", ColumnType.TEXT, MendedOrder::shop)
        .count("orders")
        .sum("cents", MendedOrder::amount)
        .max("largest", MendedOrder::amount)
        .mean("mean", 2, MendedOrder::amount);
  }
}
