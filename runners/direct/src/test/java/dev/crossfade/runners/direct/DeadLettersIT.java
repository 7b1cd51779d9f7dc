package dev.crossfade.runners.direct;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import dev.crossfade.launcher.testing.Call;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of dead letters on the command line. */
class DeadLettersIT {
  /** Of a year in which nobody believed, until the settings do. */
  private static final String OF_ANOTHER_YEAR =
      FlightsFile.flight(100, "2003-01-03T10:30", "ATL", 100);

  private static final String BROKEN = "101,2001-01-03T10:30,ATL,LAX,far,0";
  private static final String REFUSED = FlightsFile.flight(102, "2001-01-03T11:30", "ATL", -5);
  private static final String UNKNOWN_AIRPORT =
      FlightsFile.flight(103, "2001-01-03T11:30", "XXX", 5);

  private static final String[] YEAR_BELIEVED = {
    "--set=eventTime.notAfter=2004-01-01T00:00:00Z", "--lane=batch"
  };

  @TempDir private Path scratch;

  @Test
  void lettersAreListedReplayedOnceTheyAreMendedAndDiscarded() throws Exception {
    FlightsFile flights = FlightsFile.in(scratch, "letters");
    List<String> lines = new ArrayList<>(FlightsFile.oneEachHour());
    lines.addAll(List.of(OF_ANOTHER_YEAR, BROKEN, REFUSED, UNKNOWN_AIRPORT));
    flights.write(lines);
    succeed(flights.call("run", "--source=batch"));

    JsonNode listed = succeed(list(flights)).json();
    assertThat(listed.toPrettyString(), listed.size(), is(4));
    assertThat(
        "bytes are whole",
        listed.findValuesAsText("bytes").stream()
            .map(bytes -> new String(Base64.getDecoder().decode(bytes), StandardCharsets.UTF_8))
            .sorted()
            .toList(),
        is(List.of(OF_ANOTHER_YEAR, BROKEN, REFUSED, UNKNOWN_AIRPORT)));
    assertThat(succeed(list(flights, "--cause=UndecodableException")).json().size(), is(2));
    String tomorrow = LocalDate.now(java.time.ZoneOffset.UTC).plusDays(1) + "T00:00:00Z";
    assertThat(succeed(list(flights, "--since=" + tomorrow)).json().size(), is(0));
    assertThat(succeed(list(flights, "--until=" + tomorrow)).json().size(), is(4));
    String origin = letter(listed, BROKEN).get("origin").asText();
    Call shown = succeed(flights.call("dlq", "show", "--lane=batch", "--origin=" + origin));
    assertThat(
        shown.out(), allOf(containsString(BROKEN), containsString("distance_miles is 'far'")));

    JsonNode nothing = replay(flights, "--lane=batch");
    assertThat(nothing.toPrettyString(), nothing.get("stillDead").asInt(), is(4));
    assertThat(nothing.get("windows").size(), is(0));

    JsonNode dry = replay(flights, "--dry-run", YEAR_BELIEVED[0], YEAR_BELIEVED[1]);
    assertThat(dry.toPrettyString(), dry.get("windows").size(), is(1));
    assertThat(dry.at("/windows/0").toString(), containsString("2003-01-03T15:00:00Z"));
    assertThat("a dry run changes nothing", succeed(list(flights)).json().size(), is(4));

    JsonNode replayed = replay(flights, YEAR_BELIEVED);
    assertThat(replayed.toPrettyString(), replayed.get("replayed").asInt(), is(1));
    assertThat(
        flights.number(
            "SELECT sum(flights) FROM crossfade.flights WHERE lane = 'batch' AND window_start ="
                + " '2003-01-03T15:00:00Z'"),
        is(1L));
    JsonNode twice = replay(flights, YEAR_BELIEVED);
    assertThat(twice.toPrettyString(), twice.get("run").isNull(), is(true));
    assertThat(twice.get("letters").asInt(), is(3));

    Call without = flights.call("dlq", "discard", "--lane=batch", "--reason= ");
    assertThat(without.toString(), without.exitCode(), is(2));
    JsonNode discarded =
        succeed(flights.call("dlq", "discard", "--lane=batch", "--reason=tests", "--json")).json();
    assertThat(discarded.get("discarded").asInt(), is(3));
    assertThat(succeed(list(flights)).json().size(), is(0));
    assertThat(succeed(list(flights, "--all")).json().size(), is(4));
    succeed(flights.call("ledger", "--lane=batch"));
  }

  @Test
  void aRunThatFailsWholesaleChangesNothingAndKeepsItsLetters() throws Exception {
    FlightsFile flights = FlightsFile.in(scratch, "wholesale");
    flights.write(FlightsFile.oneEachHour());
    succeed(flights.call("run", "--source=batch"));
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < 1_200; i++) {
      wrong.add(i % 2 == 0 ? BROKEN : FlightsFile.flight(i, "2001-01-03T10:30", "ATL", 1));
    }
    flights.write(wrong);

    Call call = flights.call("run", "--source=batch", "--set=maxDeadRatio=0.1");

    assertThat(call.toString(), call.exitCode(), is(4));
    assertThat(
        call.err(),
        containsString("600 of 1,200 records are dead letters, more than maxDeadRatio 0.1"));
    assertThat(
        flights.number("SELECT sum(flights) FROM crossfade.flights WHERE lane = 'batch'"), is(24L));
    assertThat(succeed(list(flights, "--list=1000")).json().size(), is(600));
  }

  private static JsonNode letter(JsonNode letters, String text) {
    String bytes = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    for (JsonNode letter : letters) {
      if (letter.get("bytes").asText().equals(bytes)) {
        return letter;
      }
    }
    throw new AssertionError(text + " is not among " + letters.toPrettyString());
  }

  private static Call list(FlightsFile flights, String... more) {
    String[] list = {"dlq", "list", "--lane=batch", "--json"};
    return flights.call(Call.arguments(list, more));
  }

  private static JsonNode replay(FlightsFile flights, String... more) throws Exception {
    String[] replay = {"dlq", "replay", "--json"};
    return succeed(flights.call(Call.arguments(replay, more))).json();
  }

  private static Call succeed(Call call) {
    assertThat(call.toString(), call.exitCode(), is(0));
    return call;
  }
}
