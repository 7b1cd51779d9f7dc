package dev.crossfade.launcher.lanes;

import dev.crossfade.transforms.Flow;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.ReferenceTable;
import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.results.ColumnType;

/** Payments of at least so much, per city. */
public final class PaymentsFlow implements Flow<PaymentsFlow.Payment> {
  /** A payment in a shop. */
  public record Payment(String shop, int cents) {}

  @Override
  public String name() {
    return "payments";
  }

  @Override
  public Class<Payment> eventType() {
    return Payment.class;
  }

  @Override
  public Aggregation<Payment> define(FlowContext context) {
    int least = context.parameter("least", 0);
    ReferenceTable.Lookup city = context.reference("shops").column("city");
    return Aggregation.over(Payment.class)
        .key("city", ColumnType.TEXT, payment -> city.of(payment.shop()))
        .countWhere("payments", payment -> payment.cents() >= least)
        .sum("cents", Payment::cents);
  }
}
