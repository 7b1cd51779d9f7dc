package dev.crossfade.launcher.verbs;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.testing.Call;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a scheduler and a person get from a command: the exit code, and one stream for each. */
class CrossfadeTest {
  private static final String FLOW = "--flow=src/test/resources/flows/payments.yaml";
  private static final String SANDBOX = "--sandbox=target/no-sandbox";

  private Call call;

  @Test
  void withoutAVerbPrintsUsage() {
    assertThat(run(), is(2));
    assertThat(call.out(), is(""));
    assertThat(call.err(), containsString("Usage: crossfade"));
  }

  @Test
  void refusesAVerbThatThereIsNot() {
    assertThat(run("chek"), is(2));
    assertThat(call.out(), is(""));
    assertThat(call.err(), startsWith("crossfade: "));
    assertThat(call.err(), containsString("chek"));
    assertThat(call.err(), containsString("See 'crossfade --help'."));
  }

  @Test
  void namesAnOptionThatIsMissing() {
    assertThat(run("check"), is(2));
    assertThat(
        call.err(),
        is("crossfade: Missing required option: '--flow=FILE'\nSee 'crossfade check --help'.\n"));
  }

  @ParameterizedTest
  @EnumSource
  void helpTellsEveryExitCode(ExitCode code) {
    assertThat(run("--help"), is(0));
    String line =
        Arrays.stream(call.out().split("\n"))
            .filter(text -> text.strip().startsWith(code.code() + "  "))
            .findFirst()
            .orElseThrow();
    assertThat(ExitCode.table(), containsString(line.strip()));
  }

  @Test
  void tellsAllThatIsWrongWithSettingsAtOnce() {
    assertThat(check("--set=window.size=soon", "--set=store.usr=me"), is(2));
    assertThat(call.out(), is(""));
    assertThat(call.err(), startsWith("crossfade: --set store.usr=…: store.usr: unknown key"));
    assertThat(
        call.err(),
        containsString("\n--set window.size=…: window.size: is \"soon\"; expected a duration"));
    assertThat(call.err(), not(containsString("\tat ")));
  }

  @Test
  void tellsProgramsTheSameAsOneObject() throws Exception {
    assertThat(check("--json", "--set=window.size=soon", "--set=store.usr=me"), is(2));

    JsonNode object = call.json();
    assertThat(object.get("exitCode").intValue(), is(2));
    assertThat(object.get("errors").size(), is(2));
    assertThat(object.at("/errors/0/path").textValue(), is("store.usr"));
    assertThat(object.at("/errors/1/path").textValue(), is("window.size"));
    assertThat(object.at("/errors/1/message").textValue(), startsWith("is \"soon\""));
    assertThat(call.out().strip().lines().count(), is(1L));
  }

  @Test
  void checksGoodSettings() {
    assertThat(check(), is(0));
    assertThat(call.err(), is(""));
    assertThat(
        call.out(),
        is(
            """
            payments: the graph holds together for batch and stream
            key:    {city=text}
            values: {payments=bigint, cents=bigint}
            """));
  }

  @Test
  void describesGoodSettingsToProgramsWithoutASecret() throws Exception {
    assertThat(check("--json"), is(0));

    JsonNode object = call.json();
    assertThat(object.get("lanes").size(), is(2));
    assertThat(object.at("/settings/store/password").textValue(), is("***"));
    assertThat(object.at("/settings/parameters/least").intValue(), is(10));
    assertThat(call.out(), not(containsString("hunter2")));
  }

  @Test
  void refusesAColumnThatSqlWouldNotTake() {
    assertThat(check("--set=sources.batch.partitionColumn=a b"), is(2));
    assertThat(
        call.err(), containsString("sources.batch.partitionColumn: is \"a b\"; expected the name"));
  }

  @Test
  void refusesAParameterThatTheFlowDoesNotRead() {
    assertThat(check("--set=parameters.leats=5"), is(2));
    assertThat(call.err(), containsString("parameters.leats; it reads [least]"));
  }

  @Test
  void aSourceThatThereIsNotIsNamed() {
    assertThat(run("run", FLOW, SANDBOX, "--source=kafka"), is(2));
    assertThat(
        call.err(), is("crossfade: --source=kafka is not a source; there are batch and stream\n"));
  }

  @Test
  void aStoreThatDoesNotAnswerIsUnavailableAndItsPasswordStaysHidden() throws Exception {
    assertThat(run("run", FLOW, SANDBOX, "--source=batch", "--json"), is(3));
    assertThat(call.err(), containsString("cannot reach PostgreSQL at localhost:1"));
    assertThat(call.json().get("exitCode").intValue(), is(3));
    assertThat(call.out() + call.err(), not(containsString("hunter2")));
  }

  @Test
  void aUrlThatIsNotOneIsNotShown() {
    assertThat(
        run(
            "status",
            FLOW,
            SANDBOX,
            "--set=store.url=jdbc:postgresql://localhost:port/store?password=hunter2"),
        is(3));
    assertThat(
        call.err(), containsString("does not look like jdbc:postgresql://host:5432/database"));
    assertThat(call.out() + call.err(), not(containsString("hunter2")));
  }

  @Test
  void whatIsComputedAgainHasAReasonAndALane() {
    String flow = "--flow=src/test/resources/flows/payments.yaml";
    Call reason = Call.of(Map.of(), "restate", flow, "--windows=late", "--reason= ");
    assertThat(reason.exitCode(), is(2));
    assertThat(reason.err(), is("crossfade: --reason is empty; say why they are computed again\n"));
    Call lane = Call.of(Map.of(), "ledger", flow, "--lane=legacy");
    assertThat(lane.exitCode(), is(2));
    assertThat(
        lane.err(), is("crossfade: --lane=legacy is not a source; there are batch and stream\n"));
  }

  /** An error is no exception, and is told as one all the same. */
  @Test
  void anErrorIsADefectAndIsToldWithoutWhatATerminalObeys() {
    Call call = Call.of(Map.of(), "check", "--flow=src/test/resources/flows/defective.yaml");
    assertThat(call.exitCode(), is(70));
    assertThat(call.err(), containsString("crossfade: cannot read \\u001b[2J"));
    assertThat(call.err(), containsString("DefectiveFlow.define"));
    assertThat(call.err(), not(containsString("\u001b")));
  }

  @Test
  void credentialsBeforeAHostAreNotShown() {
    assertThat(
        run(
            "status",
            FLOW,
            SANDBOX,
            "--set=store.url=jdbc:postgresql://crossfade:hunter2@localhost:1/store"),
        is(3));
    assertThat(call.err(), containsString("has a user before its host"));
    assertThat(call.out() + call.err(), not(containsString("hunter2")));
  }

  private int check(String... more) {
    String[] args = new String[more.length + 3];
    args[0] = "check";
    args[1] = FLOW;
    args[2] = SANDBOX;
    System.arraycopy(more, 0, args, 3, more.length);
    return run(args);
  }

  private int run(String... args) {
    call = Call.of(Map.of(), args);
    return call.exitCode();
  }
}
