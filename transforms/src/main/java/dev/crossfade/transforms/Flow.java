package dev.crossfade.transforms;

import dev.crossfade.transforms.aggregation.Aggregation;

/**
 * One business computation: events in, rows out. A flow is one class, found with {@link
 * java.util.ServiceLoader} by its name, and one YAML file that names its sources, its windows and
 * its lateness. It holds no IO and no runner, and it cannot ask whether its input is bounded: the
 * same object builds the graph of every lane.
 *
 * @param <E> the event's type: a Java record. The components are the fields that a record of the
 *     input must have, by their names in snake case or those that {@link
 *     dev.crossfade.transforms.records.Field} gives them; the canonical constructor refuses what is
 *     not valid with an {@link IllegalArgumentException}, and such a record becomes a dead letter
 */
public interface Flow<E> {
  /** The name by which settings refer to the flow: lower-case letters, digits and dashes. */
  String name();

  /** The record class that input records are decoded into. */
  Class<E> eventType();

  /**
   * Declares the computation. Called once while the graph is built, never on a worker; the
   * functions given to the aggregation are what runs there.
   *
   * @param context the flow's parameters and reference data, as they are for this run
   */
  Aggregation<E> define(FlowContext context);
}
