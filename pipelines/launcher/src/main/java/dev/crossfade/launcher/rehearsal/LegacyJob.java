package dev.crossfade.launcher.rehearsal;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.lanes.Stores;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.migration.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/** The job being replaced: raw tables in PostgreSQL, and the team's SQL scripts over them. */
final class LegacyJob {
  private static final String RAW_TABLES =
      """
      CREATE SCHEMA IF NOT EXISTS raw;
      DROP TABLE IF EXISTS raw.flights, raw.airports;
      CREATE TABLE raw.flights (
        flight_id      bigint PRIMARY KEY,
        departure      timestamp NOT NULL,
        origin         text NOT NULL,
        destination    text NOT NULL,
        distance_miles integer NOT NULL,
        delay_minutes  integer NOT NULL
      );
      CREATE TABLE raw.airports (
        iata text PRIMARY KEY, name text, city text, state text, country text,
        latitude double precision, longitude double precision
      );
      """;

  private final Settings settings;

  LegacyJob(Settings settings) {
    this.settings = settings;
  }

  /** Loads the raw tables anew, from CSV with a header. */
  void load(InputStream flights, Path airports) throws SQLException, IOException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        Reader airportRows = Files.newBufferedReader(airports, StandardCharsets.UTF_8)) {
      statement.execute(RAW_TABLES);
      var copy = connection.unwrap(PGConnection.class).getCopyAPI();
      copy.copyIn("COPY raw.flights FROM STDIN (FORMAT csv, HEADER)", flights);
      copy.copyIn("COPY raw.airports FROM STDIN (FORMAT csv, HEADER)", airportRows);
      statement.execute("ANALYZE raw.flights, raw.airports");
    }
  }

  /** Runs the script that the settings name. */
  void run() throws SQLException, IOException {
    Path script =
        settings
            .legacy()
            .flatMap(legacy -> legacy.script())
            .orElseThrow(
                () ->
                    new VerbException(
                        ExitCode.USAGE,
                        "the settings of " + settings.flow() + " have no legacy.script"));
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(Files.readString(script));
    }
  }

  private Connection connect() throws SQLException {
    // Refuses a URL that the driver does not take; the driver manager would show all of it.
    Database unused = Stores.database(settings);
    return DriverManager.getConnection(
        settings.store().url().value(),
        settings.store().user(),
        settings.store().password().reveal());
  }
}
