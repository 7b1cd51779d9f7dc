package dev.crossfade.flows;

import dev.crossfade.transforms.Flow;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.ReferenceTable;
import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.results.ColumnType;

/**
 * Punctuality per airport of departure and window: flights, late flights, mean and worst delay,
 * miles flown, with the airport's name and state. A flight from an airport that is not in the
 * reference table {@code airports} is a dead letter.
 */
public final class Flights implements Flow<Flight> {
  /**
   * A flight counts as late from this delay, unless the parameter {@code lateMinutes} says another.
   */
  static final int LATE_MINUTES = 15;

  @Override
  public String name() {
    return "flights";
  }

  @Override
  public Class<Flight> eventType() {
    return Flight.class;
  }

  @Override
  public Aggregation<Flight> define(FlowContext context) {
    int lateMinutes = context.parameter("lateMinutes", LATE_MINUTES);
    ReferenceTable airports = context.reference("airports");
    ReferenceTable.Lookup name = airports.column("name");
    ReferenceTable.Lookup state = airports.column("state");
    return Aggregation.over(Flight.class)
        .key("origin", ColumnType.TEXT, Flight::origin)
        .describe("airport", key -> name.of(key.text(0)))
        .describe("state", key -> state.of(key.text(0)))
        .count("flights")
        .countWhere("late_flights", flight -> flight.delayMinutes() >= lateMinutes)
        .mean("mean_delay", 2, Flight::delayMinutes)
        .max("worst_delay", Flight::delayMinutes)
        .sum("miles", Flight::distanceMiles);
  }
}
