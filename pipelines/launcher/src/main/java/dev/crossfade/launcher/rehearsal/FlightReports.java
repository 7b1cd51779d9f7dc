package dev.crossfade.launcher.rehearsal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The reports of real flights in the order in which they would have been sent. A flight is reported
 * when it lands: 30 minutes on the ground, the distance at 450 miles an hour, and its delay after
 * its departure. Reports of one instant are in the order of their flights' numbers.
 *
 * @param reports the reports in that order
 */
record FlightReports(List<Report> reports) {
  private static final Duration ON_THE_GROUND = Duration.ofMinutes(30);
  private static final int SECONDS_PER_MILE = 8;

  /**
   * One report.
   *
   * @param flightId the flight
   * @param departure its departure, the event time, as a naive local time
   * @param arrival when the report is sent, likewise
   * @param origin the airport of departure, which keys the report
   * @param json the report as it is sent
   * @param csv the flight as the file has it
   */
  record Report(
      long flightId,
      LocalDateTime departure,
      LocalDateTime arrival,
      String origin,
      String json,
      String csv) {}

  /** Reads the flights of a gzipped CSV file. */
  static FlightReports read(Path file) throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    List<Report> reports = new ArrayList<>();
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file));
        CSVParser parser = CSVParser.parse(in, StandardCharsets.UTF_8, format)) {
      for (CSVRecord flight : parser) {
        reports.add(report(flight));
      }
    }
    reports.sort(Comparator.comparing(Report::arrival).thenComparing(Report::flightId));
    return new FlightReports(List.copyOf(reports));
  }

  private static Report report(CSVRecord flight) {
    LocalDateTime departure = LocalDateTime.parse(flight.get("departure"));
    long miles = Long.parseLong(flight.get("distance_miles"));
    long delay = Long.parseLong(flight.get("delay_minutes"));
    LocalDateTime arrival =
        departure.plus(ON_THE_GROUND).plusSeconds(miles * SECONDS_PER_MILE).plusMinutes(delay);
    String json =
        String.format(
            Locale.ROOT,
            "{\"flight_id\":%s,\"departure\":\"%s\",\"origin\":\"%s\",\"destination\":\"%s\","
                + "\"distance_miles\":%d,\"delay_minutes\":%d}",
            flight.get("flight_id"),
            flight.get("departure"),
            flight.get("origin"),
            flight.get("destination"),
            miles,
            delay);
    return new Report(
        Long.parseLong(flight.get("flight_id")),
        departure,
        arrival,
        flight.get("origin"),
        json,
        String.join(",", flight));
  }

  /** The reports that were sent before an instant. */
  FlightReports before(LocalDateTime end) {
    return new FlightReports(
        reports.stream().filter(report -> report.arrival().isBefore(end)).toList());
  }
}
