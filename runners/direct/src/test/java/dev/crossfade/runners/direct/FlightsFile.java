package dev.crossfade.runners.direct;

import dev.crossfade.launcher.testing.Call;
import dev.crossfade.launcher.testing.OpenSandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A file of made-up flights as the batch lane's input, and a database of its own for its lane. */
final class FlightsFile {
  private static final String HEADER =
      "flight_id,departure,origin,destination,distance_miles,delay_minutes";

  private final Path file;
  private final Map<String, String> environment;

  private FlightsFile(Path file, Map<String, String> environment) {
    this.file = file;
    this.environment = environment;
  }

  /** A file in a directory, and an empty database of a name. */
  static FlightsFile in(Path directory, String database) throws SQLException {
    return new FlightsFile(directory.resolve("flights.csv"), OpenSandbox.emptyDatabase(database));
  }

  /** A line of a flight that leaves at a local time, which is five hours behind UTC. */
  static String flight(int id, String departure, String origin, int miles) {
    return String.join(
        ",", Integer.toString(id), departure, origin, "LAX", Integer.toString(miles), "0");
  }

  /** One flight from Atlanta for each hour of a local day. */
  static List<String> oneEachHour() {
    List<String> lines = new ArrayList<>();
    for (int hour = 0; hour < 24; hour++) {
      lines.add(flight(hour, String.format("2001-01-03T%02d:30", hour), "ATL", 100));
    }
    return lines;
  }

  void write(List<String> lines) throws IOException {
    Files.write(file, Stream.concat(Stream.of(HEADER), lines.stream()).toList());
  }

  /** Calls a verb on the flow of hourly flights. */
  Call call(String... call) {
    return Call.of(
        environment,
        Call.arguments(
            call,
            "--flow=../../pipelines/flows/flights.yaml",
            "--set=sources.batch.path=" + file,
            "--set=sources.batch.covers.from=2001-01-03T05:00:00Z",
            "--set=sources.batch.covers.to=2001-01-04T05:00:00Z"));
  }

  long number(String sql) throws SQLException {
    return OpenSandbox.number(environment, sql);
  }

  Map<String, String> environment() {
    return environment;
  }
}
