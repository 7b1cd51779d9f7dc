package dev.crossfade.launcher.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RehearsalReportJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper().registerModule(new JavaTimeModule());

  @Test
  void comesBackFromJsonAsItWas() throws Exception {
    RehearsalReport report = Rehearsals.differing("ORD");

    assertThat(JSON.readValue(JSON.writeValueAsString(report), RehearsalReport.class), is(report));
  }

  @Test
  void holdsOnlyWhatTheRecordsName() throws Exception {
    JsonNode json = JSON.valueToTree(Rehearsals.agreeing());

    assertThat(
        names(json),
        contains(
            "title",
            "startedAt",
            "crossfadeVersion",
            "inputDescription",
            "equal",
            "flows",
            "disorder",
            "phases",
            "environment"));
    assertThat(
        names(json.at("/flows/0/equal")),
        contains("legacy-batch", "batch-stream", "legacy-stream"));
    assertThat(json.at("/flows/0/zone").asText(), is("America/New_York"));
  }

  private static List<String> names(JsonNode json) {
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
