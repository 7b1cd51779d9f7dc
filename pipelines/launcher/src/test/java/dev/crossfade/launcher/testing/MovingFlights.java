package dev.crossfade.launcher.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A table of made-up flights that somebody writes to all the time. Its ids are sparse, negative,
 * repeated or missing, its name needs quotes, and some of its columns are filled up with blanks.
 * Each transaction of the writer deletes flights and inserts others of the same miles elsewhere in
 * the table, so that at every instant there are as many flights and miles as at any other.
 */
public final class MovingFlights implements AutoCloseable {
  /** How many rows are no flights. */
  public static final int DEAD = 3;

  private static final long FLIGHTS = 6_000;

  /** What {@link #lane} gives for every instant. */
  public static final String WHOLE =
      FLIGHTS + " flights, " + FLIGHTS * (FLIGHTS + 1) / 2 + " miles, " + DEAD + " dead letters";

  private static final String TABLE = "ops.\"Flight Reports\"";

  private final Map<String, String> environment;
  private final Path settings;
  private final ExecutorService writer = Executors.newSingleThreadExecutor();
  private final AtomicBoolean open = new AtomicBoolean(true);
  private final Future<Long> transactions;

  private MovingFlights(Map<String, String> environment, Path settings) {
    this.environment = environment;
    this.settings = settings;
    Callable<Long> write = this::write;
    this.transactions = writer.submit(write);
  }

  /** Creates the table in a database of its own, and settings that read it in a directory. */
  public static MovingFlights in(Path directory, String database) throws SQLException, IOException {
    Map<String, String> environment = OpenSandbox.emptyDatabase(database);
    try (Connection connection = OpenSandbox.connect(environment);
        Statement statement = connection.createStatement()) {
      for (String sql :
          new String[] {
            "CREATE SCHEMA ops",
            "CREATE TABLE "
                + TABLE
                + " (id int, flight_id bigint, departure timestamp,"
                + " origin char(8), destination char(4), distance_miles int, delay_minutes int)",
            // Of 20 ids in turn: sparse, negative, repeated, none.
            "INSERT INTO "
                + TABLE
                + " SELECT CASE n % 20 WHEN 0 THEN NULL WHEN 1 THEN 7 WHEN 2"
                + " THEN -n * 1000 ELSE n * n END, n, '2001-01-03'::timestamp + (n % 24) *"
                + " interval '1 hour', (ARRAY['ATL', 'ORD', 'DFW'])[1 + n % 3], 'LAX', n, 0"
                + " FROM generate_series(1, "
                + FLIGHTS
                + ") n",
            "INSERT INTO " + TABLE + " (id) VALUES (NULL), (NULL), (7)"
          }) {
        boolean unused = statement.execute(sql);
      }
    }
    return new MovingFlights(environment, settings(directory, TABLE));
  }

  /** Writes settings that read a table of flights in a sandbox's database. */
  public static Path settings(Path directory, String table) throws IOException {
    Path settings = Files.createTempFile(directory, "flights", ".yaml");
    Files.writeString(
        settings,
        """
        flow: flights
        eventTime:
          field: departure
          zone: America/New_York
          notBefore: 2000-12-01T00:00:00Z
          notAfter: 2001-02-01T00:00:00Z
        window: { size: 1h, watermarkDelay: 1h, allowedLateness: 1h }
        references:
          airports: { path: '%s', key: iata }
        sources:
          batch:
            type: jdbc
            url: ${CROSSFADE_DB_URL}
            user: ${CROSSFADE_DB_USER}
            password: ${CROSSFADE_DB_PASSWORD}
            table: '%s'
            fetchSize: 100
        store:
          url: ${CROSSFADE_DB_URL}
          user: ${CROSSFADE_DB_USER}
          password: ${CROSSFADE_DB_PASSWORD}
        """
            .formatted(Path.of("../../testdata/airports.csv").toAbsolutePath().normalize(), table));
    return settings;
  }

  private long write() throws SQLException {
    long count = 0;
    try (Connection connection = OpenSandbox.connect(environment);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (open.get()) {
        int some =
            statement.executeUpdate(
                "WITH gone AS (DELETE FROM "
                    + TABLE
                    + " WHERE flight_id % 40 = "
                    + count % 40
                    + " RETURNING *) INSERT INTO "
                    + TABLE
                    + " SELECT -id, flight_id,"
                    + " '2001-01-04'::timestamp - (departure - '2001-01-03') - interval '1 hour',"
                    + " origin, destination, distance_miles, delay_minutes FROM gone");
        if (some == 0) {
          throw new IllegalStateException("the writer has nothing to move");
        }
        connection.commit();
        count++;
      }
    }
    return count;
  }

  /** The settings that read the table. */
  public Path settings() {
    return settings;
  }

  /** The variables that the settings need. */
  public Map<String, String> environment() {
    return environment;
  }

  /** The number that a query gives. */
  public long number(String sql) throws SQLException {
    return OpenSandbox.number(environment, sql);
  }

  /** What the batch lane has. */
  public String lane() throws SQLException {
    String rows = " FROM crossfade.flights WHERE lane = 'batch'";
    return number("SELECT coalesce(sum(flights), 0)" + rows)
        + " flights, "
        + number("SELECT coalesce(sum(miles), 0)" + rows)
        + " miles, "
        + number(
            "SELECT count(*) FROM crossfade.dead_letter_runs WHERE run = (SELECT max(run) FROM crossfade.runs)")
        + " dead letters";
  }

  /** Ends the writing and tells how many transactions were written. */
  public long transactions() throws Exception {
    open.set(false);
    return transactions.get();
  }

  @Override
  public void close() {
    open.set(false);
    writer.shutdown();
    try {
      if (writer.awaitTermination(1, TimeUnit.MINUTES)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException("the writer does not end");
  }
}
