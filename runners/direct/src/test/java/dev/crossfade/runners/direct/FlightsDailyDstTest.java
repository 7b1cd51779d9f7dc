package dev.crossfade.runners.direct;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import dev.crossfade.launcher.lanes.BoundedRun;
import dev.crossfade.launcher.lanes.FlowCatalog;
import dev.crossfade.launcher.lanes.Lane;
import dev.crossfade.launcher.lanes.LaneTables;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.RunSummary;
import dev.crossfade.launcher.lanes.RunnerOptions;
import dev.crossfade.launcher.lanes.Stores;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.launcher.testing.OpenPostgres;
import dev.crossfade.migration.Comparison;
import dev.crossfade.migration.LaneTable;
import dev.crossfade.migration.Reconcile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The flow {@code flights-daily} and the job that it replaces agree on the days of New York on
 * which the clocks change: one of 23 and one of 25 hours. Flights depart at times that no clock has
 * shown, and at times that it has shown twice.
 */
class FlightsDailyDstTest {
  private static final Path FLOWS = Path.of("../../pipelines/flows");
  private static final List<String> AIRPORTS = List.of("JFK", "LGA", "ATL", "ORD");
  private static final int FLIGHTS = 1_500;

  @TempDir private static Path directory;
  private static OpenPostgres postgres;

  @BeforeAll
  static void open() throws Exception {
    postgres = OpenPostgres.in(directory.resolve("postgres"));
  }

  @AfterAll
  static void close() throws Exception {
    postgres.close();
  }

  @Test
  void agreesWithTheJobWhereTheClocksGoForward() throws Exception {
    LocalDate day = LocalDate.parse("2001-04-01");

    agreesWithTheJob(flights(day), day, "-05:00", "-04:00");

    assertThat(lengthOf("2001-04-01T05:00:00Z"), is(Duration.ofHours(23)));
  }

  @Test
  void agreesWithTheJobWhereTheClocksGoBack() throws Exception {
    LocalDate day = LocalDate.parse("2001-10-28");

    agreesWithTheJob(flights(day), day, "-04:00", "-05:00");

    assertThat(lengthOf("2001-10-28T04:00:00Z"), is(Duration.ofHours(25)));
  }

  private void agreesWithTheJob(
      List<Flight> flights, LocalDate day, String offsetBefore, String offsetAfter)
      throws Exception {
    PlannedFlow flow =
        PlannedFlow.of(
            Settings.load(
                FLOWS.resolve("flights-daily.yaml"),
                List.of(
                    "eventTime.notAfter=2002-01-01T00:00:00Z",
                    "sources.batch.path=" + csv(flights),
                    "sources.batch.covers.from=" + day.minusDays(1) + "T00:00:00" + offsetBefore,
                    "sources.batch.covers.to=" + day.plusDays(2) + "T00:00:00" + offsetAfter),
                postgres.environment()),
            FlowCatalog.load());
    runJob(flights);

    RunSummary run = BoundedRun.batch(flow, RunnerOptions.parse(List.of())).run();
    Comparison comparison =
        Reconcile.in(Stores.database(flow.settings()))
            .compare(
                LaneTables.of(flow, LaneTable.LEGACY), LaneTables.of(flow, Lane.BATCH.laneName()));

    assertThat(run.counts().read(), is((long) FLIGHTS));
    assertThat(run.counts().deadLettered(), is(0L));
    assertThat(comparison.differences(), is(empty()));
    assertThat(comparison.verdict(), is(Comparison.Verdict.EQUAL));
    // The day before, the day and the day after; in each, three states.
    assertThat(comparison.windows().size(), is(3));
    assertThat(comparison.leftRows(), is(9L));
    assertThat(flightsInTheJobsTable(), is((long) FLIGHTS));
  }

  /** Flights of three days; one in three departs in the hours around the change. */
  private static List<Flight> flights(LocalDate day) {
    Random random = new Random(day.toEpochDay());
    List<Flight> flights = new ArrayList<>();
    for (int id = 1; id <= FLIGHTS; id++) {
      LocalDateTime departure =
          id % 3 == 0
              ? day.atStartOfDay().plusSeconds(random.nextInt(4 * 3600))
              : day.minusDays(1).atStartOfDay().plusMinutes(random.nextInt(3 * 24 * 60));
      flights.add(
          new Flight(
              id,
              departure,
              AIRPORTS.get(random.nextInt(AIRPORTS.size())),
              random.nextInt(2_500),
              random.nextInt(200) - 20));
    }
    return flights;
  }

  private static Path csv(List<Flight> flights) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("flight_id,departure,origin,destination,distance_miles,delay_minutes");
    for (Flight flight : flights) {
      lines.add(
          flight.id
              + ","
              + flight.departure
              + ","
              + flight.origin
              + ",LAX,"
              + flight.miles
              + ","
              + flight.delay);
    }
    return Files.write(Files.createTempFile(directory, "flights", ".csv"), lines);
  }

  /** The tables as the job knows them, and its own script over them. */
  private static void runJob(List<Flight> flights) throws SQLException, IOException {
    try (Statement statement = postgres.connection().createStatement()) {
      statement.execute(
          """
          CREATE SCHEMA IF NOT EXISTS raw;
          DROP TABLE IF EXISTS raw.flights, raw.airports;
          CREATE TABLE raw.flights (
            flight_id bigint PRIMARY KEY, departure timestamp NOT NULL, origin text NOT NULL,
            destination text NOT NULL, distance_miles integer NOT NULL,
            delay_minutes integer NOT NULL
          );
          CREATE TABLE raw.airports (iata text PRIMARY KEY, state text NOT NULL);
          INSERT INTO raw.airports VALUES ('JFK', 'NY'), ('LGA', 'NY'), ('ATL', 'GA'), ('ORD', 'IL');
          """);
    }
    try (PreparedStatement insert =
        postgres
            .connection()
            .prepareStatement("INSERT INTO raw.flights VALUES (?, ?::timestamp, ?, 'LAX', ?, ?)")) {
      for (Flight flight : flights) {
        insert.setLong(1, flight.id);
        // As text: no driver can make a time of another zone of it.
        insert.setString(2, flight.departure.toString());
        insert.setString(3, flight.origin);
        insert.setInt(4, flight.miles);
        insert.setInt(5, flight.delay);
        insert.addBatch();
      }
      insert.executeBatch();
    }
    try (Statement statement = postgres.connection().createStatement()) {
      statement.execute(Files.readString(FLOWS.resolve("legacy/flights-daily.sql")));
    }
  }

  private static long flightsInTheJobsTable() throws SQLException {
    return number("SELECT sum(flights) FROM reporting.flights_daily");
  }

  /** How long the window of the job is that begins at an instant. */
  private static Duration lengthOf(String start) throws SQLException {
    return Duration.ofSeconds(
        number(
            "SELECT DISTINCT extract(epoch FROM window_end - window_start)::bigint"
                + " FROM reporting.flights_daily WHERE window_start = timestamptz '"
                + start
                + "'"));
  }

  private static long number(String sql) throws SQLException {
    try (Statement statement = postgres.connection().createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private record Flight(int id, LocalDateTime departure, String origin, int miles, int delay) {}
}
