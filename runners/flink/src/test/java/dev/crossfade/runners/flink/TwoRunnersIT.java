package dev.crossfade.runners.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import dev.crossfade.launcher.testing.Call;
import dev.crossfade.launcher.testing.MovingFlights;
import dev.crossfade.launcher.testing.OpenSandbox;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same stream on two runners, over as many hours as the DirectRunner can take. */
class TwoRunnersIT {
  @Test
  void theStreamLaneHasTheSameDigestOnBoth(@TempDir Path scratch) throws Exception {
    JsonNode flink = stream(scratch, "FlinkRunner");
    JsonNode direct = stream(scratch, "DirectRunner");

    assertThat(flink.get("runner").asText(), is("FlinkRunner"));
    assertThat(direct.get("runner").asText(), is("DirectRunner"));
    assertThat(flink.get("rows").asInt(), greaterThan(0));
    assertThat(direct.get("digest"), is(flink.get("digest")));
    assertThat(direct.get("read"), is(flink.get("read")));
  }

  /** The rows of a table have any ids, and somebody writes to it all the time. */
  @Test
  void theLaneOfATableIsOfOneInstantOnBoth(@TempDir Path scratch) throws Exception {
    try (MovingFlights flights = MovingFlights.in(scratch, "two_runners")) {
      for (String runner : List.of("FlinkRunner", "DirectRunner")) {
        Call run =
            Call.of(
                flights.environment(),
                "run",
                "--source=batch",
                "--json",
                "--flow=" + flights.settings(),
                "--runner=" + runner);
        assertThat(run.err(), run.exitCode(), is(0));
        assertThat(run.json().get("runner").asText(), is(runner));
        assertThat(flights.lane(), is(MovingFlights.WHOLE));
      }
      assertThat("somebody wrote meanwhile", flights.transactions(), greaterThan(10L));
    }
  }

  /** What a rehearsal of the first hours says of the stream lane. */
  private static JsonNode stream(Path scratch, String runner) throws Exception {
    Call call =
        Call.of(
            Map.of(),
            "rehearse",
            "--json",
            "--flow=../../pipelines/flows/flights.yaml",
            "--data=../../testdata",
            "--sandbox=" + OpenSandbox.directory(),
            "--report=" + scratch.resolve(runner + ".html"),
            "--publish-seconds=2",
            "--hours=6",
            "--runner=" + runner);
    assertThat(call.err(), call.exitCode(), is(0));
    JsonNode lanes = call.json().get("flows").get(0).get("lanes");
    JsonNode stream = lanes.get(lanes.size() - 1);
    assertThat(stream.get("lane").asText(), is("stream"));
    return stream;
  }
}
