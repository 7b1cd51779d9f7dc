package dev.crossfade.launcher.verbs;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.stringContainsInOrder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.crossfade.launcher.lanes.FlowCatalog;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.Stores;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.launcher.testing.Call;
import dev.crossfade.launcher.testing.OpenPostgres;
import dev.crossfade.launcher.testing.OpenSandbox;
import dev.crossfade.migration.RunLease;
import dev.crossfade.migration.RunRequest;
import dev.crossfade.migration.Store;
import dev.crossfade.transforms.results.EventWindow;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EveryLaneTest {
  private static final Path FLOW = Path.of("src/test/resources/flows/takings.yaml");
  private static final EventWindow HOUR =
      new EventWindow(Instant.parse("2001-03-05T10:00:00Z"), Instant.parse("2001-03-05T11:00:00Z"));

  @TempDir private static Path scratch;
  private static OpenPostgres postgres;
  private static Store store;

  @BeforeAll
  static void open() throws Exception {
    postgres = OpenPostgres.in(scratch);
    PlannedFlow flow =
        PlannedFlow.of(Settings.load(FLOW, List.of(), postgres.environment()), FlowCatalog.load());
    store = Stores.open(flow.settings());
    store.prepare(flow.plan().table());
  }

  @AfterAll
  static void close() throws Exception {
    store.close();
    postgres.close();
  }

  @Test
  void listsTheDeadLettersOfEveryLaneUnlessOneIsNamed() throws Exception {
    for (String lane : List.of("stream", "batch")) {
      OpenSandbox.execute(
          postgres.connection(),
          "INSERT INTO crossfade.dead_letters (flow, lane, run, origin, step, cause, message,"
              + " bytes, retryable, first_run, last_seen) VALUES ('takings', '"
              + lane
              + "', 1, 'of-"
              + lane
              + ":1', 'DECODE', 'Undecodable', 'm', '', false, 1, now())");
    }

    assertThat(call("dlq", "list").out(), stringContainsInOrder("batch    of-b", "stream   of-s"));
    JsonNode all = call("dlq", "list", "--json").json();
    assertThat(all.size(), is(2));
    assertThat(all.at("/0/lane").asText(), is("batch"));
    assertThat(call("dlq", "list", "--json", "--list=1").json().size(), is(1));
    assertThat(
        call("dlq", "list", "--lane=stream").out(),
        allOf(containsString("of-stream:1"), not(containsString("of-batch:1"))));
    assertThat(call("dlq", "show", "--origin=of-batch:1").exitCode(), is(0));
    assertThat(
        "what is done is done to one lane",
        call("dlq", "discard", "--reason=test", "--dry-run").out(),
        containsString("would discard 1 "));
  }

  @Test
  void saysThatARunIsRunningOnlyWhileAProcessHoldsIt() throws Exception {
    RunLease stream = store.begin(RunRequest.stream("takings", "stream", "FlinkRunner"));
    RunLease batch = store.begin(RunRequest.bounded("takings", "batch", "FlinkRunner"));
    try (RunLease restatement =
        store.begin(RunRequest.restatement("takings", "stream", "FlinkRunner", HOUR, "test"))) {
      assertThat(
          call("status").out(),
          stringContainsInOrder(
              "batch", ": running", "stream", ": running", "and run " + stream.run(), ": running"));
      stream.close();
      assertThat(restatement.run() > stream.run(), is(true));
    }
    assertThat(
        call("status").out(),
        stringContainsInOrder(
            "batch", ": running", "stream", "process is gone", "and run", "gone"));
    batch.close();

    assertThat(call("status").out(), not(containsString("running")));
    JsonNode lanes = call("status", "--json").json().get("lanes");
    assertThat(lanes.at("/0/lastRun/state").asText(), is("GONE"));
    assertThat(lanes.at("/1/unfinished/0/run").asLong(), is(stream.run()));
    assertThat(lanes.at("/1/unfinished/0/state").asText(), is("GONE"));

    try (RunLease again = store.resume("takings", "stream")) {
      assertThat(again.run(), is(stream.run()));
      assertThat(call("status").out(), containsString("running"));
    }
  }

  private static Call call(String... arguments) {
    return Call.of(postgres.environment(), Call.arguments(arguments, "--flow=" + FLOW));
  }
}
