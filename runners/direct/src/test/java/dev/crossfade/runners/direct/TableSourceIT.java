package dev.crossfade.runners.direct;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import dev.crossfade.launcher.testing.Call;
import dev.crossfade.launcher.testing.MovingFlights;
import dev.crossfade.launcher.testing.OpenSandbox;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch lane that reads a table, whatever its rows have for ids and whoever writes to it. */
class TableSourceIT {
  private static final String LANE = " FROM crossfade.flights WHERE lane = 'batch'";

  /** The transaction that holds the snapshot, before it has said anything more. */
  private static final String HOLDER =
      " FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'"
          + " AND (query LIKE 'SELECT count(*) FROM \"ops\"%' OR query = 'SELECT 1')";

  @TempDir private Path scratch;

  @Test
  void aTableThatIsWrittenToIsReadAtOneInstant() throws Exception {
    try (MovingFlights flights = MovingFlights.in(scratch, "moving")) {
      for (String divided : new String[] {"fetchSize=50", "partitionColumn=id"}) {
        Call run =
            call(flights, "run", "--source=batch", "--json", "--set=sources.batch." + divided);
        assertThat(run.toString(), run.exitCode(), is(0));
        assertThat(flights.lane(), is(MovingFlights.WHOLE));
        Call ledger = call(flights, "ledger", "--lane=batch");
        assertThat(ledger.toString(), ledger.exitCode(), is(0));
      }
      assertThat("somebody wrote meanwhile", flights.transactions(), greaterThan(10L));

      Call letters = call(flights, "dlq", "list", "--lane=batch", "--json");
      assertThat(
          letters.toString(), letters.json().size(), greaterThanOrEqualTo(MovingFlights.DEAD));
      assertThat(
          letters.json().get(0).get("origin").asText(), startsWith("ops.\"Flight Reports\":("));
    }
  }

  /** The plainest table there is: what a stranger would try first. */
  @Test
  void theNumbersFromOneToTwentyGiveWhatSqlGives() throws Exception {
    Map<String, String> environment = OpenSandbox.emptyDatabase("plain");
    try (Connection connection = OpenSandbox.connect(environment)) {
      OpenSandbox.execute(
          connection,
          "CREATE TABLE flights AS SELECT n AS id, n AS flight_id,"
              + " '2001-01-03'::timestamp + n * interval '20 minutes' AS departure, 'ATL' AS origin,"
              + " 'LAX' AS destination, 100 + n AS distance_miles, n % 3 AS delay_minutes"
              + " FROM generate_series(1, 20) n");
    }
    Path settings = MovingFlights.settings(scratch, "public.flights");
    Call run = Call.of(environment, "run", "--source=batch", "--flow=" + settings);
    assertThat(run.toString(), run.exitCode(), is(0));
    assertThat(OpenSandbox.number(environment, "SELECT sum(flights)" + LANE), is(20L));
    assertThat(
        OpenSandbox.number(
            environment,
            """
            SELECT count(*) FROM (
              SELECT origin, window_start, flights, miles FROM crossfade.flights
              EXCEPT
              SELECT origin, date_trunc('hour', departure) AT TIME ZONE 'America/New_York',
                count(*), sum(distance_miles)
              FROM public.flights GROUP BY 1, 2) AS differing
            """),
        is(0L));
    Call ledger = Call.of(environment, "ledger", "--flow=" + settings);
    assertThat(ledger.toString(), ledger.exitCode(), is(0));
    assertThat(ledger.out(), containsString("BALANCED"));

    // The sandbox's user is called as the schema of the results, which have the flow's name.
    Call own =
        Call.of(
            environment,
            "run",
            "--source=batch",
            "--flow=" + settings,
            "--set=sources.batch.table=flights");
    assertThat(own.toString(), own.exitCode(), is(2));
    assertThat(own.err(), containsString("such as public.flights"));
  }

  @Test
  void aRunWhoseInstantIsLostChangesNothingAndSaysSo() throws Exception {
    try (MovingFlights flights = MovingFlights.in(scratch, "lost")) {
      Call first = call(flights, "run", "--source=batch");
      assertThat(first.toString(), first.exitCode(), is(0));
      String digest = digest(flights);

      CompletableFuture<Call> second =
          CompletableFuture.supplyAsync(() -> call(flights, "run", "--source=batch"));
      Awaitility.await()
          .pollInterval(Duration.ofMillis(20))
          .until(() -> flights.number("SELECT count(pg_terminate_backend(pid))" + HOLDER) > 0);

      Call lost = second.get();
      assertThat(lost.toString(), lost.exitCode(), is(4));
      assertThat(
          lost.err(),
          allOf(
              containsString("the snapshot that all parts of ops.\"Flight Reports\" are read in"),
              containsString("the lane is as it was, run it again")));
      assertThat(digest(flights), is(digest));
      assertThat("nothing stays", flights.number("SELECT count(*)" + HOLDER), is(0L));
    }
  }

  private static String digest(MovingFlights flights) throws SQLException {
    return flights.number("SELECT coalesce(sum(\"row$hash1\" % 1000000007), 0)" + LANE)
        + " in "
        + flights.number("SELECT count(*) FROM crossfade.flights");
  }

  private static Call call(MovingFlights flights, String... call) {
    return Call.of(flights.environment(), Call.arguments(call, "--flow=" + flights.settings()));
  }
}
