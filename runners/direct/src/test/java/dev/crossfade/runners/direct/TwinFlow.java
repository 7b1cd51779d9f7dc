package dev.crossfade.runners.direct;

import dev.crossfade.transforms.Flow;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.aggregation.Aggregation;

/** A flow that takes a name that another one has. */
public final class TwinFlow implements Flow<TwinFlow.Something> {
  /**
   * Its event.
   *
   * @param departure the event time
   */
  public record Something(String departure) {}

  @Override
  public String name() {
    return "flights";
  }

  @Override
  public Class<Something> eventType() {
    return Something.class;
  }

  @Override
  public Aggregation<Something> define(FlowContext context) {
    throw new UnsupportedOperationException("a flow whose name is taken is not asked");
  }
}
