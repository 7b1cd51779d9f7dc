package dev.crossfade.runners.direct;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.arrayWithSize;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import dev.crossfade.launcher.testing.Call;
import dev.crossfade.launcher.testing.OpenSandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What goes wrong before a runner starts ends at once, with a code that a scheduler can act on and
 * one line that a person can.
 */
@Timeout(30)
class WrongUseIT {
  private static final String FLOW = "--flow=../../pipelines/flows/flights.yaml";
  private static final String SECRET = "a-secret-that-nothing-may-print";

  /** Nobody listens there, so that a verb which connects fails. */
  private static final Map<String, String> NOWHERE =
      Map.of(
          "CROSSFADE_KAFKA", "127.0.0.1:1",
          "CROSSFADE_DB_URL", "jdbc:postgresql://127.0.0.1:1/nowhere",
          "CROSSFADE_DB_USER", "nobody",
          "CROSSFADE_DB_PASSWORD", SECRET);

  @TempDir private Path scratch;

  /** Its start is not what the timeout is for. */
  @BeforeAll
  static void openSandbox() {
    assertThat(OpenSandbox.environment(), hasKey("CROSSFADE_DB_PASSWORD"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"flights", "flights-daily"})
  void checkBuildsEveryGraphAndConnectsToNothing(String flow) {
    long started = System.nanoTime();
    Call call = call(NOWHERE, "check", "--flow=../../pipelines/flows/" + flow + ".yaml");

    assertThat(call.err(), call.exitCode(), is(0));
    assertThat(
        call.out(), containsString(flow + ": the graph holds together for batch and stream"));
    assertThat(Duration.ofNanos(System.nanoTime() - started), is(lessThan(Duration.ofSeconds(10))));
  }

  @Test
  void anOptionThatNobodyKnowsIsNamed() {
    for (String source : List.of("batch", "stream")) {
      Call call = call(NOWHERE, "run", FLOW, "--source=" + source, "--nope=1");
      assertOneLine(call, 2, containsString("missing a property named 'nope'"));
    }
  }

  @Test
  void aRunnerThatTheJarDoesNotHaveIsAnsweredWithThoseItHas() {
    Call call = call(NOWHERE, "run", FLOW, "--source=batch", "--runner=SparkRunner");
    assertOneLine(
        call, 2, allOf(containsString("SparkRunner"), containsString("it has DirectRunner")));
  }

  @Test
  void aFlowFileThatIsNotThereIsNamed() {
    for (String verb : List.of("run", "check", "status", "reconcile")) {
      List<String> arguments = new ArrayList<>(List.of(verb, "--flow=missing.yaml"));
      if (verb.equals("run")) {
        arguments.add("--source=batch");
      } else if (verb.equals("reconcile")) {
        arguments.addAll(List.of("--left=batch", "--right=stream"));
      }
      Call call = call(NOWHERE, arguments.toArray(String[]::new));
      assertOneLine(call, 2, containsString("missing.yaml: no such file"));
    }
  }

  @Test
  void aSourceThatTheSettingsDoNotHaveIsNamed() {
    Call call = call(NOWHERE, "run", FLOW, "--source=nightly");
    assertOneLine(call, 2, containsString("--source=nightly is not a source"));
  }

  @Test
  void twoFlowsOfOneNameAreBothNamed() throws IOException {
    Path services = Files.createDirectories(scratch.resolve("META-INF/services"));
    Files.writeString(
        services.resolve("dev.crossfade.transforms.Flow"), TwinFlow.class.getName() + "\n");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader twins = new URLClassLoader(new URL[] {scratch.toUri().toURL()}, before)) {
      thread.setContextClassLoader(twins);
      Call call = call(NOWHERE, "check", FLOW);
      assertOneLine(
          call,
          2,
          allOf(
              containsString("'flights' is taken by"),
              containsString("dev.crossfade.flows.Flights"),
              containsString(TwinFlow.class.getName())));
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void aBrokerThatDoesNotAnswerIsNamed() throws IOException {
    String broker = "127.0.0.1:" + portOfNobody();
    Call call =
        call(sandboxWith(Map.of("CROSSFADE_KAFKA", broker)), "run", FLOW, "--source=stream");
    assertOneLine(call, 3, containsString("Kafka at " + broker + ": no broker answers"));
  }

  @Test
  void aBrokerWhoseNameIsUnknownIsNamed() {
    Call call =
        call(
            sandboxWith(Map.of("CROSSFADE_KAFKA", "broker.invalid:9092")),
            "run",
            FLOW,
            "--source=stream");
    assertOneLine(call, 3, containsString("broker.invalid:9092"));
  }

  @Test
  void aTopicThatIsNotThereIsNamed() {
    Call call =
        call(
            sandboxWith(Map.of()),
            "run",
            FLOW,
            "--source=stream",
            "--set=sources.stream.topic=nobody-made-it");
    assertOneLine(call, 3, containsString("there is no topic nobody-made-it"));
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Call call =
        call(
            sandboxWith(Map.of()),
            "run",
            FLOW,
            "--source=batch",
            "--set=sources.batch.path=/nobody/made/it.csv");
    assertOneLine(call, 3, containsString("/nobody/made/it.csv"));
  }

  @Test
  void aDatabaseThatDoesNotAnswerIsNamed() throws IOException {
    String address = "127.0.0.1:" + portOfNobody();
    assertNoVerbGetsIn(
        Map.of(
            "CROSSFADE_DB_URL",
            "jdbc:postgresql://" + address + "/crossfade",
            "CROSSFADE_DB_PASSWORD",
            SECRET),
        containsString("cannot reach PostgreSQL at " + address));
  }

  @Test
  void aDatabaseThatIsNotThereIsNamed() {
    String url = OpenSandbox.environment().get("CROSSFADE_DB_URL");
    assertNoVerbGetsIn(
        Map.of("CROSSFADE_DB_URL", url + "_of_others"),
        containsString("has no database 'crossfade_of_others'"));
  }

  @Test
  void aWrongPasswordIsRefusedAndNotPrinted() {
    assertNoVerbGetsIn(
        Map.of("CROSSFADE_DB_PASSWORD", SECRET),
        allOf(containsString("refused user"), containsString("check the user and the password")));
  }

  @Test
  void aWrongPasswordInTheUrlIsRefusedAndNotPrinted() {
    String url = OpenSandbox.environment().get("CROSSFADE_DB_URL");
    assertNoVerbGetsIn(
        Map.of("CROSSFADE_DB_URL", url + "?user=crossfade&password=" + SECRET),
        containsString("check the user and the password"));
  }

  private static void assertNoVerbGetsIn(Map<String, String> variables, Matcher<String> message) {
    Map<String, String> environment = sandboxWith(variables);
    for (String[] arguments :
        List.of(
            new String[] {"run", FLOW, "--source=batch"},
            new String[] {"run", FLOW, "--source=batch", "--json"},
            new String[] {"reconcile", FLOW, "--left=batch", "--right=stream"},
            new String[] {"status", FLOW})) {
      assertOneLine(call(environment, arguments), 3, message);
    }
  }

  /** Errors are one line, beside the line of progress; only a defect has a stack trace. */
  private static void assertOneLine(Call call, int exitCode, Matcher<String> message) {
    assertThat(call.err(), call.exitCode(), is(exitCode));
    String[] lines =
        Arrays.stream(call.err().split("\\R", -1))
            .filter(line -> !line.isEmpty() && !line.startsWith("running "))
            .toArray(String[]::new);
    assertThat(call.err(), lines, arrayWithSize(1));
    assertThat(lines[0], allOf(containsString("crossfade: "), message));
    for (String password :
        List.of(SECRET, OpenSandbox.environment().get("CROSSFADE_DB_PASSWORD"))) {
      assertThat(call.out() + call.err(), not(containsString(password)));
    }
  }

  /** The sandbox's variables, some of them replaced. */
  private static Map<String, String> sandboxWith(Map<String, String> others) {
    Map<String, String> variables = new HashMap<>(OpenSandbox.environment());
    variables.putAll(others);
    return variables;
  }

  private static int portOfNobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Call call(Map<String, String> environment, String... arguments) {
    return Call.of(environment, arguments);
  }
}
