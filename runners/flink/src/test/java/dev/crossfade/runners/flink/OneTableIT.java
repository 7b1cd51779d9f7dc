package dev.crossfade.runners.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.crossfade.launcher.testing.Call;
import dev.crossfade.launcher.testing.OpenSandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promise that everything else rests on: a week of real flights through the legacy job, the
 * batch lane and the stream lane gives one table, on two runners; and a comparison that says so
 * would have found the slightest difference.
 */
class OneTableIT {
  private static final String HOURLY = "../../pipelines/flows/flights.yaml";
  private static final String DAILY = "../../pipelines/flows/flights-daily.yaml";
  private static final int REPORTS = 113_493;

  /** A row of the middle of the week. */
  private static final String ROW =
      " WHERE origin = 'ATL' AND window_start = '2001-01-04T17:00:00Z'";

  @TempDir private static Path scratch;

  private static Call rehearsal;
  private static final Map<String, JsonNode> FLOWS = new LinkedHashMap<>();

  @BeforeAll
  static void rehearse() throws Exception {
    rehearsal =
        Call.of(
            Map.of(),
            "rehearse",
            "--json",
            "--flow=" + HOURLY + "," + DAILY,
            "--data=../../testdata",
            "--sandbox=" + OpenSandbox.directory(),
            "--report=" + scratch.resolve("report.html"),
            "--publish-seconds=50",
            "--runner=FlinkRunner");
    assertThat(rehearsal.err(), rehearsal.exitCode(), is(0));
    rehearsal.json().get("flows").forEach(flow -> FLOWS.put(flow.get("flow").asText(), flow));
  }

  @Test
  void everyPairOfLanesAgreesOnEveryWindow() throws Exception {
    assertThat(rehearsal.json().get("equal").asBoolean(), is(true));
    assertThat(FLOWS.keySet().toString(), is("[flights, flights-daily]"));
    FLOWS
        .values()
        .forEach(
            flow ->
                assertThat(
                    flow.get("equal").toString(),
                    is("{\"legacy-batch\":true,\"batch-stream\":true,\"legacy-stream\":true}")));
    assertThat(FLOWS.get("flights").get("windows").asInt(), is(164));
    assertThat(FLOWS.get("flights-daily").get("windows").asInt(), is(7));
    assertThat(Files.size(scratch.resolve("report.html")), greaterThan(10_000L));
  }

  @Test
  void everyReportIsReadOnceAndNoneIsLost() {
    FLOWS
        .values()
        .forEach(
            flow -> {
              assertThat(flow.get("runner").asText(), is("FlinkRunner"));
              assertThat(flow.get("read").asInt(), is(REPORTS));
              assertThat(flow.get("deadLettered").asInt(), is(0));
              assertThat(flow.get("late").asInt(), is(0));
            });
  }

  /** Without them the stream would be a batch job that reads from Kafka. */
  @Test
  void theStreamShowsResultsEarlyAndCorrectsThem() {
    FLOWS
        .values()
        .forEach(
            flow -> {
              assertThat(flow.get("panes").get("early").asInt(), greaterThan(0));
              assertThat(flow.get("panes").get("late").asInt(), greaterThan(0));
            });
  }

  /** Asks the wall clock: it holds where the stream keeps up with the publishing. */
  @Test
  void windowsCloseWhileReportsAreStillPublished() {
    assertThat(
        FLOWS.get("flights").get("closedBeforeEnd").asInt(), greaterThanOrEqualTo(164 * 80 / 100));
  }

  @Test
  void theBatchLaneOnAnotherRunnerGivesTheSameDigest() throws Exception {
    Call direct = lane("run", "--json", "--source=batch", "--runner=DirectRunner");
    assertThat(direct.err(), direct.exitCode(), is(0));
    assertThat(direct.json().get("runner").asText(), is("DirectRunner"));
    assertThat(direct.json().get("counts").get("read").asInt(), is(REPORTS));
    for (JsonNode lane : FLOWS.get("flights").get("lanes")) {
      assertThat(direct.json().get("digest"), is(lane.get("digest")));
    }
    assertThat(reconcile("batch", "stream").exitCode(), is(0));
  }

  @Test
  void comparesEqualLanes() throws Exception {
    Call call = reconcile("batch", "stream", "--json");
    assertThat(call.err(), call.exitCode(), is(0));
    assertThat(call.json().get("verdict").asText(), is("EQUAL"));
    assertThat(call.json().get("windows").asInt(), is(164));
    assertThat(call.json().get("differenceCount").asInt(), is(0));
  }

  @Test
  void findsAValueThatWasChangedByHand() throws Exception {
    try (Connection db = database()) {
      String stream = ROW + " AND lane = 'stream'";
      assertThat(execute(db, "UPDATE crossfade.flights SET miles = miles + 1" + stream), is(1));
      Call call = reconcile("batch", "stream");
      Call json = reconcile("batch", "stream", "--json");
      assertThat(execute(db, "UPDATE crossfade.flights SET miles = miles - 1" + stream), is(1));

      assertThat(call.out() + call.err(), call.exitCode(), is(1));
      JsonNode difference = json.json().get("differences").get(0);
      long miles = difference.get("left").asLong();
      assertThat(difference.get("right").asLong(), is(miles + 1));
      assertThat(json.json().get("differenceCount").asInt(), is(1));
      assertThat(
          call.out(),
          allOf(
              containsString("origin='ATL'"),
              containsString("2001-01-04T17:00:00Z"),
              containsString("miles is '" + miles + "' left and '" + (miles + 1) + "' right")));
      assertThat(reconcile("batch", "stream").exitCode(), is(0));
    }
  }

  @Test
  void findsARowThatWasDeletedByHand() throws Exception {
    try (Connection db = database()) {
      String stream = ROW + " AND lane = 'stream'";
      execute(db, "CREATE TEMPORARY TABLE kept AS SELECT * FROM crossfade.flights" + stream);
      assertThat(execute(db, "DELETE FROM crossfade.flights" + stream), is(1));
      Call call = reconcile("batch", "stream");
      String columns = columns(db);
      execute(
          db, "INSERT INTO crossfade.flights (" + columns + ") SELECT " + columns + " FROM kept");

      assertThat(call.out() + call.err(), call.exitCode(), is(1));
      assertThat(call.out(), containsString("missing right (left has 1)"));
      assertThat(reconcile("batch", "stream").exitCode(), is(0));
    }
  }

  /** A hash over distinct rows, or a join by key, would not see it. */
  @Test
  void findsARowThatWasDoubledByHand() throws Exception {
    try (Connection db = database()) {
      String stream = ROW + " AND lane = 'stream'";
      execute(db, "ALTER TABLE crossfade.flights DROP CONSTRAINT flights_pkey");
      String columns = columns(db);
      execute(
          db,
          "INSERT INTO crossfade.flights ("
              + columns
              + ") SELECT "
              + columns
              + " FROM crossfade.flights"
              + stream);
      Call call = reconcile("batch", "stream");
      execute(
          db,
          "DELETE FROM crossfade.flights"
              + stream
              + " AND ctid = (SELECT max(ctid) FROM crossfade.flights"
              + stream
              + ")");
      execute(
          db,
          "ALTER TABLE crossfade.flights ADD CONSTRAINT flights_pkey"
              + " PRIMARY KEY (lane, origin, window_start, window_end)");

      assertThat(call.out() + call.err(), call.exitCode(), is(1));
      assertThat(call.out(), containsString("1 times left and 2 times right"));
      assertThat(reconcile("batch", "stream").exitCode(), is(0));
    }
  }

  @Test
  void findsWhatWasChangedInTheLegacyTable() throws Exception {
    try (Connection db = database()) {
      String table = "UPDATE reporting.flights_hourly SET mean_delay = mean_delay ";
      assertThat(execute(db, table + "+ 0.01" + ROW), is(1));
      Call call = reconcile("legacy", "stream");
      assertThat(execute(db, table + "- 0.01" + ROW), is(1));

      assertThat(call.out() + call.err(), call.exitCode(), is(1));
      assertThat(call.out(), allOf(containsString("'ATL'"), containsString("mean_delay is '")));
      assertThat(reconcile("legacy", "stream").exitCode(), is(0));
    }
  }

  /**
   * Twelve hours from the newest departure on are enough for all but some twenty reports. Those are
   * named, and are in their windows once these are restated.
   */
  @Test
  void theFewReportsThatComeAfterTwelveHoursCountOnceTheirWindowsAreRestated() throws Exception {
    assertThatRestatingMendsTheStream("late_few", "5h30m", "6h30m", both(10, 40));
  }

  @Test
  void manyLateReportsCountOnceTheirWindowsAreRestated() throws Exception {
    assertThatRestatingMendsTheStream("late_many", "30m", "0s", both(10_000, 100_000));
  }

  private static Matcher<Long> both(long least, long most) {
    return allOf(greaterThanOrEqualTo(least), lessThanOrEqualTo(most));
  }

  private static void assertThatRestatingMendsTheStream(
      String database, String watermarkDelay, String allowedLateness, Matcher<Long> lateReports)
      throws Exception {
    Map<String, String> environment = OpenSandbox.emptyDatabase(database);
    String[] hasty = {
      "--flow=" + HOURLY,
      "--set=window.watermarkDelay=" + watermarkDelay,
      "--set=window.allowedLateness=" + allowedLateness,
      "--set=sources.stream.stopAtEnd=true"
    };
    succeed(call(environment, hasty, "run", "--source=batch"));
    Call stream =
        call(
            environment,
            hasty,
            "run",
            "--json",
            "--source=stream",
            "--runner=FlinkRunner",
            "--parallelism=2",
            "--checkpoints=" + scratch.resolve(database));
    succeed(stream);
    long late = stream.json().at("/counts/late").asLong();
    assertThat(late, lateReports);

    Call ledger = call(environment, hasty, "ledger", "--json", "--lane=stream");
    succeed(ledger);
    long inWindows = 0;
    for (JsonNode window : ledger.json().at("/lanes/0/windows")) {
      inWindows += window.get("late").asLong();
    }
    assertThat("late by window", inWindows, is(late));
    assertThat(
        OpenSandbox.number(environment, "SELECT count(*) FROM crossfade.late_records"), is(late));
    assertThat(
        "each is named",
        OpenSandbox.number(
            environment,
            "SELECT count(DISTINCT convert_from(bytes, 'UTF8')::json->>'flight_id') FROM"
                + " crossfade.late_records WHERE behind_millis >= 0"),
        is(late));
    String[] reconcile = {"reconcile", "--left=batch", "--right=stream"};
    assertThat(call(environment, hasty, reconcile).exitCode(), is(1));

    String[] restate = {"restate", "--windows=late", "--reason=lateness too small"};
    succeed(call(environment, hasty, restate));

    succeed(call(environment, hasty, reconcile));
    succeed(call(environment, hasty, "ledger", "--lane=stream"));
    Call again = call(environment, hasty, restate);
    assertThat(again.toString(), again.exitCode(), is(5));
    assertThat(again.err(), containsString("there is no window to restate"));
  }

  private static Call call(Map<String, String> environment, String[] settings, String... call) {
    return Call.of(environment, Call.arguments(call, settings));
  }

  private static void succeed(Call call) {
    assertThat(call.toString(), call.exitCode(), is(0));
  }

  @Test
  void theRulesFindTheSameInEveryLane() throws Exception {
    List<String> batch = findings("batch");
    assertThat(findings("stream"), is(batch));
    assertThat(batch.size(), is(164 * 3));
    assertThat(batch.toString(), not(containsString("VIOLATED")));
  }

  @Test
  void tellsWhereTheLanesStand() throws Exception {
    Call call = lane("status", "--json");
    assertThat(call.err(), call.exitCode(), is(0));
    JsonNode lanes = call.json().get("lanes");
    assertThat(lanes.size(), is(2));
    lanes.forEach(
        lane -> {
          assertThat(lane.get("rows").asInt(), is(FLOWS.get("flights").get("rows").asInt()));
          assertThat(lane.get("closedWindows").asInt(), is(164));
          assertThat(lane.get("lastRun").get("outcome").asText(), is("SUCCEEDED"));
        });
    assertThat(lane("status").out(), allOf(containsString("batch"), containsString("stream")));
  }

  /** What the rules found in a lane, but for the run that they judged. */
  private static List<String> findings(String lane) throws Exception {
    Call call = lane("ledger", "--json", "--lane=" + lane);
    assertThat(call.err(), call.exitCode(), is(0));
    List<String> findings = new ArrayList<>();
    for (JsonNode finding : call.json().at("/lanes/0/quality")) {
      findings.add(((ObjectNode) finding).without("run").toString());
    }
    return findings;
  }

  private static Call reconcile(String left, String right, String... more) {
    String[] reconcile = {"reconcile", "--left=" + left, "--right=" + right};
    return lane(Call.arguments(reconcile, more));
  }

  private static Call lane(String... call) {
    return Call.of(
        Map.of(), Call.arguments(call, "--flow=" + HOURLY, "--sandbox=" + OpenSandbox.directory()));
  }

  private static Connection database() throws SQLException {
    return OpenSandbox.connect(OpenSandbox.environment());
  }

  /** Those that PostgreSQL does not compute itself. */
  private static String columns(Connection db) throws SQLException {
    try (Statement statement = db.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT string_agg(column_name, ', ') FROM information_schema.columns"
                    + " WHERE table_schema = 'crossfade' AND table_name = 'flights'"
                    + " AND is_generated = 'NEVER'")) {
      row.next();
      return row.getString(1);
    }
  }

  private static int execute(Connection db, String sql) throws SQLException {
    return OpenSandbox.execute(db, sql);
  }
}
