package dev.crossfade.runners.direct;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import dev.crossfade.launcher.testing.Call;
import dev.crossfade.launcher.testing.OpenSandbox;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stream lane on the DirectRunner, over as many hours as that runner can take. */
class StreamIT {
  @Test
  void everyPairOfLanesAgreesOverTheFirstHours(@TempDir Path scratch) throws Exception {
    Call call =
        Call.of(
            Map.of(),
            "rehearse",
            "--json",
            "--flow=../../pipelines/flows/flights.yaml",
            "--data=../../testdata",
            "--sandbox=" + OpenSandbox.directory(),
            "--report=" + scratch.resolve("report.html"),
            "--publish-seconds=2",
            "--hours=6",
            "--runner=DirectRunner");

    assertThat(call.err(), call.exitCode(), is(0));
    JsonNode flow = call.json().get("flows").get(0);
    assertThat(flow.get("runner").asText(), is("DirectRunner"));
    assertThat(
        flow.get("equal").toString(),
        is("{\"legacy-batch\":true,\"batch-stream\":true,\"legacy-stream\":true}"));
    assertThat(flow.get("read").asInt(), greaterThan(0));
    assertThat(flow.get("rows").asInt(), greaterThan(0));
    assertThat(flow.get("late").asInt(), is(0));
    assertThat(flow.get("deadLettered").asInt(), is(0));
  }
}
