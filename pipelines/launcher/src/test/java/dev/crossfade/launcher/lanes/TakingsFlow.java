package dev.crossfade.launcher.lanes;

import dev.crossfade.transforms.Flow;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.results.ColumnType;

/** What shops take, with all that a rule can be about: a column without values, parts, a whole. */
public final class TakingsFlow implements Flow<TakingsFlow.Sale> {
  /** A sale in a shop. */
  public record Sale(String shop, int net, int tax, int total) {}

  @Override
  public String name() {
    return "takings";
  }

  @Override
  public Class<Sale> eventType() {
    return Sale.class;
  }

  @Override
  public Aggregation<Sale> define(FlowContext context) {
    return Aggregation.over(Sale.class)
        .key("shop", ColumnType.TEXT, Sale::shop)
        .describe("city", key -> key.text(0).equals("nowhere") ? null : "Bonn")
        .sum("net", Sale::net)
        .sum("tax", Sale::tax)
        .sum("total", Sale::total);
  }
}
