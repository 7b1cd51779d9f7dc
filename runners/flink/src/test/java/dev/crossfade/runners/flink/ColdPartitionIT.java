package dev.crossfade.runners.flink;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.crossfade.launcher.testing.OpenSandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A partition that never had a record, and one that goes quiet, hold back no window: with one
 * source subtask for all partitions, with some of them for each, and with subtasks that have none.
 */
class ColdPartitionIT {
  private static final String TOPIC = "cold";
  private static final List<String> PARALLELISMS = List.of("1", "2", "6");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** From this hour on the last of the airports sends nothing. */
  private static final int QUIET_FROM = 6;

  /** The newest departure is half an hour before, and two hours are waited for disorder. */
  private static final int CLOSED_AT_FIRST = QUIET_FROM - 3;

  private static final int CLOSED = HourlyReports.HOURS - 3;

  private static final String CLOSED_WINDOWS = "SELECT count(*) FROM crossfade.closed_windows";

  private static final String FRONTIERS =
      "SELECT count(*) FROM crossfade.frontiers"
          + " WHERE closed_to >= (SELECT max(window_end) FROM crossfade.closed_windows)";

  @TempDir private static Path scratch;

  @Test
  void windowsCloseAlthoughPartitionsAreColdAndNoEndIsDeclared() throws Exception {
    for (String parallelism : PARALLELISMS) {
      OpenSandbox.emptyDatabase(EndlessStreams.database(parallelism));
    }
    HourlyReports reports = HourlyReports.in(TOPIC, HourlyReports.AIRPORTS.size() + 1);
    reports.publish(0, QUIET_FROM, HourlyReports.AIRPORTS.size());

    Path log = scratch.resolve("streams.log");
    Process streams = start(log);
    try {
      awaitInEach(streams, log, CLOSED_WINDOWS, CLOSED_AT_FIRST);
      reports.publish(QUIET_FROM, HourlyReports.HOURS, HourlyReports.AIRPORTS.size() - 1);
      awaitInEach(streams, log, CLOSED_WINDOWS, CLOSED);
      awaitInEach(streams, log, FRONTIERS, 1);
      assertInEach(
          "SELECT sum(flights) FROM crossfade.flights"
              + " JOIN crossfade.closed_windows USING (lane, window_start, window_end)",
          3L * QUIET_FROM + 2L * (CLOSED - QUIET_FROM));
      assertInEach("SELECT count(*) FROM crossfade.late_records", 0);
      assertInEach("SELECT count(*) FROM crossfade.dead_letters", 0);
      assertThat("the streams have no end", streams.isAlive(), is(true));
    } finally {
      streams.destroy();
      if (!streams.waitFor(20, TimeUnit.SECONDS)) {
        streams.destroyForcibly().waitFor();
      }
    }
    assertInEach("SELECT count(*) FROM crossfade.runs WHERE outcome = 'INTERRUPTED'", 1);
  }

  private static Process start(Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx1g");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("--add-opens=java.base/java.util=ALL-UNNAMED");
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(EndlessStreams.class.getName());
    command.add(String.join(",", PARALLELISMS));
    command.addAll(
        List.of(
            "--flow=../../pipelines/flows/flights.yaml",
            "--source=stream",
            "--runner=FlinkRunner",
            "--set=sources.stream.topic=" + TOPIC,
            "--set=sources.stream.idleAfter=1s",
            "--set=window.watermarkDelay=2h",
            "--set=window.allowedLateness=0s"));
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().putAll(OpenSandbox.environment());
    return process.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private static void awaitInEach(Process streams, Path log, String sql, long expected) {
    await(sql)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .failFast(() -> assertThat(Files.readString(log), streams.isAlive(), is(true)))
        .until(() -> inEach(sql), is(each(expected)));
  }

  private static void assertInEach(String sql, long expected) throws SQLException {
    assertThat(sql, inEach(sql), is(each(expected)));
  }

  private static Map<String, Long> each(long expected) {
    Map<String, Long> values = new HashMap<>();
    PARALLELISMS.forEach(parallelism -> values.put(parallelism, expected));
    return values;
  }

  /** The one value of a query for each parallelism; none while the tables are not there. */
  private static Map<String, Long> inEach(String sql) throws SQLException {
    Map<String, Long> values = new HashMap<>();
    for (String parallelism : PARALLELISMS) {
      try (Connection connection =
              OpenSandbox.connect(
                  EndlessStreams.environment(OpenSandbox.environment(), parallelism));
          Statement statement = connection.createStatement()) {
        try (ResultSet there =
            statement.executeQuery("SELECT to_regclass('crossfade.flights') IS NULL")) {
          there.next();
          if (there.getBoolean(1)) {
            continue;
          }
        }
        try (ResultSet row = statement.executeQuery(sql)) {
          row.next();
          values.put(parallelism, row.getLong(1));
        }
      }
    }
    return values;
  }
}
