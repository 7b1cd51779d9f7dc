package dev.crossfade.flows;

import java.time.LocalDateTime;

/**
 * The report of one flight, sent when it has landed.
 *
 * @param flightId identifies the flight
 * @param departure local time of departure; as the event time it is read in the zone of the
 *     settings
 * @param origin IATA code of the airport of departure
 * @param destination IATA code of the airport of arrival
 * @param distanceMiles miles flown, not negative
 * @param delayMinutes minutes of delay, negative if early
 */
public record Flight(
    long flightId,
    LocalDateTime departure,
    String origin,
    String destination,
    int distanceMiles,
    int delayMinutes) {
  /** Refuses a negative distance. */
  public Flight {
    if (distanceMiles < 0) {
      throw new IllegalArgumentException(
          "distance_miles is " + distanceMiles + "; a distance is not negative");
    }
  }
}
