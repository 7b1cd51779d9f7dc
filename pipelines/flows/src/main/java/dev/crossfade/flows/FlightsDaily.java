package dev.crossfade.flows;

import dev.crossfade.transforms.Flow;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.ReferenceTable;
import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.results.ColumnType;

/**
 * Punctuality per state of departure and window; its settings make the window a calendar day of a
 * named zone. A flight from an airport that is not in the reference table {@code airports} is a
 * dead letter.
 */
public final class FlightsDaily implements Flow<Flight> {
  @Override
  public String name() {
    return "flights-daily";
  }

  @Override
  public Class<Flight> eventType() {
    return Flight.class;
  }

  @Override
  public Aggregation<Flight> define(FlowContext context) {
    int lateMinutes = context.parameter("lateMinutes", Flights.LATE_MINUTES);
    ReferenceTable.Lookup state = context.reference("airports").column("state");
    return Aggregation.over(Flight.class)
        .key("state", ColumnType.TEXT, flight -> state.of(flight.origin()))
        .count("flights")
        .countWhere("late_flights", flight -> flight.delayMinutes() >= lateMinutes)
        .mean("mean_delay", 2, Flight::delayMinutes)
        .max("worst_delay", Flight::delayMinutes)
        .sum("miles", Flight::distanceMiles);
  }
}
