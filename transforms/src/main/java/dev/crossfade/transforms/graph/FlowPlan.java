package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.Flow;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.records.RecordDecoder;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.windows.Windowing;
import java.io.Serializable;

/**
 * A flow with its settings: all that the graph needs to know, in any lane.
 *
 * @param eventType the record class of the flow's events
 * @param aggregation what the flow computes
 * @param eventTimes where the event time stands
 * @param windowing the windows and how disorder is dealt with
 * @param table the layout of the results
 * @param <E> the event's type
 */
public record FlowPlan<E>(
    Class<E> eventType,
    Aggregation<E> aggregation,
    EventTimes eventTimes,
    Windowing windowing,
    ResultTable table)
    implements Serializable {
  /**
   * Defines the flow and checks that its events can be decoded.
   *
   * @throws IllegalArgumentException if the flow's declarations do not hold together
   */
  public static <E> FlowPlan<E> of(
      Flow<E> flow, FlowContext context, EventTimes eventTimes, Windowing windowing) {
    Aggregation<E> aggregation = flow.define(context);
    // Fails now, not on a worker, if the class has a component that cannot be decoded.
    RecordDecoder<E> unused =
        new RecordDecoder<>(flow.eventType(), new RecordFormat.Json(), eventTimes);
    return new FlowPlan<>(
        flow.eventType(),
        aggregation,
        eventTimes,
        windowing,
        new ResultTable(flow.name(), aggregation.keySchema(), aggregation.valueSchema()));
  }
}
