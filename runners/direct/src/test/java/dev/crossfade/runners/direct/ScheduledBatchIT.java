package dev.crossfade.runners.direct;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.crossfade.launcher.testing.Call;
import dev.crossfade.launcher.testing.OpenSandbox;
import dev.crossfade.migration.Database;
import dev.crossfade.migration.RunLease;
import dev.crossfade.migration.RunRequest;
import dev.crossfade.migration.Store;
import dev.crossfade.transforms.results.EventWindow;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scheduler does with the batch lane, night after night. */
class ScheduledBatchIT {
  private static final String FROM = "--from=2001-01-03T15:00:00Z";
  private static final String TO = "--to=2001-01-03T17:00:00Z";
  private static final String ROWS =
      "SELECT count(*) FROM crossfade.flights WHERE lane = 'batch' AND NOT tombstone";
  private static final String IN_SPAN =
      " AND window_start >= '2001-01-03T15:00:00Z' AND window_start < '2001-01-03T17:00:00Z'";

  @TempDir private Path scratch;

  @Test
  void aRangeIsReplacedAsAWholeAndDoingItAgainGivesTheSame() throws Exception {
    FlightsFile flights = FlightsFile.in(scratch, "ranges");
    flights.write(FlightsFile.oneEachHour());
    String all = digest(flights.call("run", "--source=batch", "--json"));
    assertThat(flights.number(ROWS), is(24L));

    assertThat(
        "the same input",
        digest(flights.call("run", "--source=batch", "--json", FROM, TO)),
        is(all));

    List<String> changed = new ArrayList<>(FlightsFile.oneEachHour());
    changed.set(11, FlightsFile.flight(11, "2001-01-03T11:30", "ATL", 999));
    changed.set(3, FlightsFile.flight(3, "2001-01-03T03:30", "ATL", 999));
    changed.remove(10);
    flights.write(changed);
    Path summary = scratch.resolve("summaries").resolve("run.json");
    Call call = flights.call("run", "--source=batch", "--json", FROM, TO, "--summary=" + summary);
    String once = digest(call);
    assertThat(once, is(not(all)));
    assertThat("what the file lacks is gone", flights.number(ROWS + IN_SPAN), is(1L));
    assertThat(
        "what is outside of the range stays",
        flights.number("SELECT sum(miles) FROM crossfade.flights WHERE lane = 'batch'"),
        is(22 * 100L + 999));
    JsonNode written = new ObjectMapper().readTree(summary.toFile());
    assertThat("the summary is what was printed", written, is(call.json()));
    Call nowhere = flights.call("run", "--source=batch", "--summary=" + summary + "/run.json");
    assertThat(nowhere.toString(), nowhere.exitCode(), is(3));
    assertThat("and nothing ran", nowhere.err(), not(containsString("running")));

    assertThat(digest(flights.call("run", "--source=batch", "--json", FROM, TO)), is(once));
    Call ledger = flights.call("ledger", "--lane=batch");
    assertThat(ledger.toString(), ledger.exitCode(), is(0));
  }

  @Test
  void aRangeThatCutsAWindowIsAnsweredWithTheBoundariesOfThatWindow() throws Exception {
    FlightsFile flights = FlightsFile.in(scratch, "boundaries");
    flights.write(FlightsFile.oneEachHour());
    Call cut = flights.call("run", "--source=batch", "--from=2001-01-03T15:30:00Z", TO);
    assertThat(cut.toString(), cut.exitCode(), is(2));
    assertThat(
        cut.err(),
        allOf(containsString("2001-01-03T15:00:00Z"), containsString("2001-01-03T16:00:00Z")));

    Call half = flights.call("run", "--source=batch", FROM);
    assertThat(half.toString(), half.exitCode(), is(2));
    assertThat(half.err(), containsString("--from and --to go together"));

    Call reversed =
        flights.call(
            "run", "--source=batch", "--from=2001-01-03T17:00:00Z", "--to=2001-01-03T15:00:00Z");
    assertThat(reversed.toString(), reversed.exitCode(), is(2));
  }

  @Test
  void twoRunsOfOneRangeAtATimeAreRefused() throws Exception {
    FlightsFile flights = FlightsFile.in(scratch, "busy");
    flights.write(FlightsFile.oneEachHour());
    digest(flights.call("run", "--source=batch", "--json"));
    Map<String, String> environment = flights.environment();
    EventWindow span =
        new EventWindow(
            Instant.parse("2001-01-03T16:00:00Z"), Instant.parse("2001-01-03T18:00:00Z"));
    try (Store store =
            Store.open(
                Database.at(
                    environment.get("CROSSFADE_DB_URL"),
                    environment.get("CROSSFADE_DB_USER"),
                    environment.get("CROSSFADE_DB_PASSWORD")));
        RunLease lease = store.begin(RunRequest.bounded("flights", "batch", "another", span))) {
      Call refused = flights.call("run", "--source=batch", FROM, TO);
      assertThat(refused.toString(), refused.exitCode(), is(6));
      assertThat(refused.err(), containsString("run " + lease.run() + " on another"));

      Call beside =
          flights.call(
              "run", "--source=batch", "--from=2001-01-03T18:00:00Z", "--to=2001-01-03T19:00:00Z");
      assertThat("another range goes on: " + beside, beside.exitCode(), is(0));
    }
    Call free = flights.call("run", "--source=batch", FROM, TO);
    assertThat(free.toString(), free.exitCode(), is(0));
  }

  /** Each side of a ledger is changed in turn, and the other one tells. */
  @Test
  void aRecordThatIsMissingAnywhereLeavesARemainder() throws Exception {
    FlightsFile flights = FlightsFile.in(scratch, "remainders");
    flights.write(FlightsFile.oneEachHour());
    digest(flights.call("run", "--source=batch", "--json"));
    Call whole = flights.call("ledger", "--lane=batch");
    assertThat(whole.toString(), whole.exitCode(), is(0));

    assertRemainder(
        flights,
        "a record between the source and its decoding",
        "UPDATE crossfade.origin_ledger SET decoded = decoded - 1",
        "UPDATE crossfade.origin_ledger SET decoded = decoded + 1");
    assertRemainder(
        flights,
        "an event inside of the flow",
        "UPDATE crossfade.window_ledger SET decoded = decoded + 1"
            + " WHERE window_start = '2001-01-03T15:00:00Z'",
        "UPDATE crossfade.window_ledger SET decoded = decoded - 1"
            + " WHERE window_start = '2001-01-03T15:00:00Z'");
    assertRemainder(
        flights,
        "a result that was not written",
        "DELETE FROM crossfade.flights WHERE window_start = '2001-01-03T15:00:00Z'",
        "SELECT 1");
  }

  private static void assertRemainder(FlightsFile flights, String what, String tear, String mend)
      throws Exception {
    try (Connection connection = OpenSandbox.connect(flights.environment());
        Statement statement = connection.createStatement()) {
      assertThat(what, statement.executeUpdate(tear), is(1));
      Call torn = flights.call("ledger", "--lane=batch");
      Call json = flights.call("ledger", "--lane=batch", "--json");
      boolean unused = statement.execute(mend);

      assertThat(what + torn, torn.exitCode(), is(7));
      assertThat(what, json.json().get("balanced").asBoolean(), is(false));
      assertThat(what, json.json().at("/lanes/0/remainders").size(), is(greaterThan(0)));
    }
  }

  private static String digest(Call call) throws Exception {
    assertThat(call.toString(), call.exitCode(), is(0));
    return call.json().get("digest").asText();
  }
}
