package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.lanes.PaymentsFlow;
import dev.crossfade.transforms.Flow;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.aggregation.Aggregation;

/** A flow that ends in an error, which quotes what a terminal would obey. */
public final class DefectiveFlow implements Flow<PaymentsFlow.Payment> {
  @Override
  public String name() {
    return "defective";
  }

  @Override
  public Class<PaymentsFlow.Payment> eventType() {
    return PaymentsFlow.Payment.class;
  }

  @Override
  public Aggregation<PaymentsFlow.Payment> define(FlowContext context) {
    throw new AssertionError("cannot read \u001b[2J");
  }
}
