package dev.crossfade.runners.flink;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.crossfade.launcher.testing.Call;
import dev.crossfade.launcher.testing.OpenSandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams that are stopped, drained and resumed from the command line. */
class StopIT {
  private static final int AIRPORTS = HourlyReports.AIRPORTS.size();
  private static final int NOON = 12;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path scratch;

  private String name;
  private Map<String, String> environment;
  private int parallelism = 1;

  @Test
  void aStreamThatIsStoppedGoesOnWhereItWas() throws Exception {
    HourlyReports reports = open("stopped");
    parallelism = 2;
    reports.publish(0, NOON, AIRPORTS);
    CompletableFuture<Call> stream = start();
    await().atMost(PATIENCE).until(() -> closed() > 0);
    Call status = call("status");
    assertThat(status.out(), containsString("running, n"));
    assertThat(status.out(), containsString("checkpoint"));

    Call second = call("run", "--source=stream", "--runner=FlinkRunner");
    assertThat("a second run of the lane: " + second, second.exitCode(), is(6));
    assertThat(second.err(), containsString("run 1 "));

    Call stop = call("stop", "--json");
    assertThat(stop.toString(), stop.exitCode(), is(0));
    assertThat(stop.json().get("outcome").asText(), is("STOPPED"));
    assertThat(stop.json().get("savepoint").asText(), containsString("savepoint-"));
    assertThat(stream.get(60, TimeUnit.SECONDS).toString(), stream.get().exitCode(), is(0));
    Call nothing = call("stop");
    assertThat("there is none to stop: " + nothing, nothing.exitCode(), is(2));

    Call other = resume("--set=window.size=30m");
    assertThat(other.toString(), other.exitCode(), is(2));
    assertThat(
        other.err(),
        allOf(
            containsString("the state does not fit it"),
            containsString("./crossfade stop --drain")));

    reports.publish(NOON, HourlyReports.HOURS, AIRPORTS);
    reports.end();
    // With fewer subtasks: each partition takes its position and watermark along.
    parallelism = 1;
    Call resumed = resume();
    assertThat(resumed.toString(), resumed.exitCode(), is(0));
    assertThat(resumed.err(), containsString("resuming run 1, attempt 2"));
    assertThat(
        number("SELECT sum(flights) FROM crossfade.flights WHERE run = 1"),
        is((long) AIRPORTS * HourlyReports.HOURS));
    assertBalanced();
    assertThat(number("SELECT count(*) FROM crossfade.late_records"), is(0L));

    Call ended = resume();
    assertThat(ended.toString(), ended.exitCode(), is(2));
    assertThat(ended.err(), containsString("cannot be resumed"));
  }

  @Test
  void aTopicThatIsNotTheOneThatWasReadIsRefused() throws Exception {
    HourlyReports reports = open("changed");
    reports.publish(0, NOON, AIRPORTS);
    CompletableFuture<Call> stream = start();
    await().atMost(PATIENCE).until(() -> closed() > 0);
    assertThat(call("stop").exitCode(), is(0));
    stream.get(60, TimeUnit.SECONDS);

    reports.grow(AIRPORTS + 1);
    Call grown = resume();
    assertThat(grown.toString(), grown.exitCode(), is(2));
    assertThat(grown.err(), containsString("changed[3] is new"));

    reports.delete();
    HourlyReports unused =
        await().atMost(PATIENCE).ignoreExceptions().until(this::again, x -> true);
    Call anew = resume();
    assertThat(anew.toString(), anew.exitCode(), is(2));
    assertThat(anew.err(), containsString("changed[0] belongs to a topic that was made anew"));
  }

  @Test
  @Tag("long")
  void aTopicThatIsDeletedEndsItsStreamWithinSeconds() throws Exception {
    HourlyReports reports = open("deleted");
    reports.publish(0, NOON, AIRPORTS);
    CompletableFuture<Call> stream = start();
    await().atMost(PATIENCE).until(() -> closed() > 0);
    await().atMost(PATIENCE).until(() -> call("status").out().contains("newest checkpoint"));
    reports.delete();
    Call failed = stream.get(60, TimeUnit.SECONDS);
    assertThat(failed.toString(), failed.exitCode(), is(4));
    assertThat(failed.err(), containsString("the topic deleted at"));
    assertThat(failed.err(), containsString("was deleted"));
    assertThat("it was not tried again", failed.err(), not(containsString("RESTARTING")));
  }

  /** The request stands, and is followed once it can be. */
  @Test
  @Tag("long")
  void aStreamThatCannotWriteItsSavepointGoesOnAndReadsNothingAgain() throws Exception {
    HourlyReports reports = open("unwritable");
    reports.publish(0, NOON, AIRPORTS);
    CompletableFuture<Call> stream = start();
    await().atMost(PATIENCE).until(() -> closed() > 0);
    Path checkpoints = scratch.resolve(name).resolve("flights").resolve("run-1");
    Path away = scratch.resolve("away");
    Files.move(checkpoints, away);
    Files.createFile(checkpoints);

    Call stop = call("stop", "--wait-seconds=3");

    assertThat(stop.toString(), stop.exitCode(), is(3));
    assertThat(stop.err(), containsString("it cannot be stopped now, goes on"));
    assertThat(stream.isDone(), is(false));
    Files.delete(checkpoints);
    Files.move(away, checkpoints);
    Call stopped = stream.get(60, TimeUnit.SECONDS);
    assertThat(stopped.toString(), stopped.exitCode(), is(0));
    assertThat(
        "what was read once is read once",
        stopped.out(),
        containsString("read %,d, ".formatted(AIRPORTS * NOON)));
    assertThat(number("SELECT count(*) FROM crossfade.runs WHERE outcome = 'STOPPED'"), is(1L));
    assertBalanced();
  }

  /** A drain cuts windows off in the middle; closing them would call them complete. */
  @Test
  void aDrainComputesWhatWasReadAndClosesNoWindowForIt() throws Exception {
    HourlyReports reports = open("drained");
    reports.publish(0, NOON, AIRPORTS);
    CompletableFuture<Call> stream = start();
    // The watermark comes to rest two hours and a half before noon; all is closed that will be.
    long closed = NOON - 3;
    await().atMost(PATIENCE).until(() -> closed() == closed);

    Call drain = call("stop", "--drain", "--json");
    assertThat(drain.toString(), drain.exitCode(), is(0));
    assertThat(drain.json().get("outcome").asText(), is("DRAINED"));
    stream.get(60, TimeUnit.SECONDS);

    assertThat(
        "all that was read is in the table",
        number("SELECT sum(flights) FROM crossfade.flights"),
        is((long) AIRPORTS * NOON));
    assertThat(closed(), is(closed));
    assertThat("windows were open", (long) NOON, is(greaterThan(closed)));
    assertBalanced();
    assertThat(resume().exitCode(), is(2));
  }

  private HourlyReports open(String topic) throws Exception {
    name = topic;
    environment = OpenSandbox.emptyDatabase(topic);
    return again();
  }

  private HourlyReports again() throws Exception {
    return HourlyReports.in(name, AIRPORTS);
  }

  private CompletableFuture<Call> start() {
    return CompletableFuture.supplyAsync(() -> stream());
  }

  private Call resume(String... more) {
    return stream(Call.arguments(more, "--resume"));
  }

  private Call stream(String... more) {
    String[] run = {
      "run",
      "--source=stream",
      "--runner=FlinkRunner",
      "--parallelism=" + parallelism,
      "--checkpoints=" + scratch.resolve(name)
    };
    return call(Call.arguments(run, more));
  }

  private Call call(String... call) {
    return Call.of(
        environment,
        Call.arguments(
            call,
            "--flow=../../pipelines/flows/flights.yaml",
            "--set=sources.stream.topic=" + name,
            "--set=sources.stream.stopAtEnd=true",
            "--set=window.watermarkDelay=2h",
            "--set=window.allowedLateness=0s"));
  }

  private void assertBalanced() throws Exception {
    Call call = call("ledger", "--lane=stream", "--json");
    assertThat(call.toString(), call.exitCode(), is(0));
    JsonNode ledger = call.json();
    assertThat(call.out(), ledger.get("balanced").asBoolean(), is(true));
  }

  private long closed() throws SQLException {
    return OpenSandbox.isPrepared(environment, "flights")
        ? number("SELECT count(*) FROM crossfade.closed_windows")
        : 0;
  }

  private long number(String sql) throws SQLException {
    return OpenSandbox.number(environment, sql);
  }
}
