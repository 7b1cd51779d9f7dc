package dev.crossfade.launcher.settings;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are small and stand for more than a machine holds, and files that are large. */
@Timeout(10)
class SettingsOfUnusualSizeTest {
  private static final int LEVELS = 24;

  @TempDir private Path scratch;

  /** Under one kilobyte, and two to the power of 24 values. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a%d: &a%d { l: *a%d, r: *a%d }",
        "a%d: &a%d [ *a%d, *a%d ]",
        "a%d: &a%d { l: { <<: *a%d }, r: { <<: *a%d } }",
        "a%d: &a%d { <<: [ *a%d, *a%d ] }",
        "a%d: &a%d { ? *a%d : 1, ? { k: *a%d } : 2 }",
        "? &a%2$d { l: *a%3$d, r: *a%4$d }\n: 1"
      })
  void aliasesOfAliasesAreOneProblemAtOnce(String level) throws Exception {
    StringBuilder text = new StringBuilder("flow: sales\na0: &a0 { x: 1, y: 2 }\n");
    for (int i = 1; i <= LEVELS; i++) {
      text.append(String.format(level, i, i, i - 1, i - 1)).append('\n');
    }
    SettingsError error = only(text.toString());
    assertThat(error.message(), containsString("stands for more than 5,000 values"));
    assertThat("where it becomes too much", error.line(), is(lessThan(30)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flow: sales\nwindow: &a { size: *a }",
        "flow: sales\nwindow: &a { size: *a }\nsources: *a",
        "flow: sales\nwindow: &a { size: &b { x: *a } }\nsources: *b",
        "flow: sales\nwindow: &a { <<: *a }"
      })
  void anAnchorThatHoldsItselfIsToldOfOnce(String text) throws Exception {
    assertThat(linesOfEndlessAnchors(text), is(List.of(2)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"flow: sales\nwindow: &a [ *a ]", "flow: sales\nwindow:\n  <<: &a [ *a ]"})
  void aListThatHoldsItselfIsRefusedAsAnyOther(String text) throws Exception {
    assertThat(errors(text).toString(), containsString("window"));
  }

  /**
   * Each is known to hold itself only while it is open: from outside, all orders would be tried.
   */
  @Test
  void anchorsThatHoldOneAnotherAreToldOfOnceEach() throws Exception {
    int anchors = 30;
    String all =
        IntStream.range(0, anchors)
            .mapToObj(i -> "r" + i + ": *a" + i)
            .collect(Collectors.joining(", "));
    StringBuilder text = new StringBuilder("flow: sales\nwindow:\n");
    for (int i = 0; i < anchors; i++) {
      text.append("  ".repeat(i + 1)).append("n").append(i).append(": &a").append(i).append('\n');
    }
    text.append("  ".repeat(anchors + 1)).append("last: { ").append(all).append(" }\n");
    text.append("again: *a29\n");
    assertThat(linesOfEndlessAnchors(text.toString()), hasSize(anchors));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- "})
  void whatIsDeepIsOneProblemWhereItIsTooDeep(String level) throws Exception {
    SettingsError error = only("flow: sales\nwindow:\n  " + level.repeat(100_000));
    assertThat(
        error.message(), is("is within more than 50 others; expected the settings of a flow"));
    assertThat(error.line(), is(3));
  }

  @Test
  void manyKeysAreOneProblem() throws Exception {
    SettingsError error = only("flow: sales\n" + "unknown: 1\n".repeat(50_000));
    assertThat(error.message(), containsString("stands for more than 5,000 values"));
  }

  @Test
  void manyDocumentsAreToldOfOnce() throws Exception {
    String text = "flow: sales\n" + "---\nflow: sales\n".repeat(10_000);
    List<SettingsError> errors = errors(text);
    assertThat(
        errors.stream().filter(error -> error.message().contains("second document")).toList(),
        hasSize(1));
  }

  @Test
  void aLargeFileIsNotRead() throws Exception {
    SettingsError error = only("flow: sales\n#" + "x".repeat(1 << 20));
    assertThat(error.message(), is("is larger than 1 MiB; expected the settings of a flow"));
  }

  /** Nothing of Java is made from a tag. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "!!java.net.URL [ 'http://127.0.0.1:1/' ]",
        "!!javax.script.ScriptEngineManager [ !!java.net.URLClassLoader [[ !!java.net.URL ['x'] ]] ]",
        "!local { a: 1 }",
        "!!set { a, b }",
        "!!binary aGVsbG8="
      })
  void aTagIsAProblemWithItsLine(String value) throws Exception {
    List<SettingsError> errors = errors("flow: sales\nwindow: " + value + "\n");
    assertThat(
        errors.stream()
            .filter(error -> error.message().startsWith("has a tag"))
            .map(SettingsError::line)
            .toList(),
        is(List.of(2)));
  }

  @Test
  void aKeyThatIsGivenTwiceIsNamedWithBothLines() throws Exception {
    assertThat(
        errors("flow: sales\nwindow: { size: 1h }\nflow: sales\n").toString(),
        allOf(containsString("is given twice; first in line 1"), containsString(":3:1: flow")));
  }

  /** Aliases and merges as people use them stay. */
  @Test
  void aliasesOfUsualSizeAreRead() throws Exception {
    List<SettingsError> errors =
        errors(
            """
            flow: sales
            store: &db { url: 'jdbc:postgresql://h/d', user: u, password: p }
            sources: { batch: { <<: *db, type: jdbc } }
            """);
    assertThat(
        errors.stream()
            .map(SettingsError::toString)
            .filter(error -> error.contains("store") || error.contains("batch.url"))
            .toList(),
        is(List.of()));
  }

  private List<Integer> linesOfEndlessAnchors(String text) throws IOException {
    return errors(text).stream()
        .filter(error -> error.message().equals("the anchor holds itself"))
        .map(SettingsError::line)
        .toList();
  }

  private SettingsError only(String text) throws IOException {
    List<SettingsError> errors = errors(text);
    assertThat(errors.toString(), errors, hasSize(1));
    assertThat(errors.get(0).message().length() < 200, is(true));
    return errors.get(0);
  }

  private List<SettingsError> errors(String text) throws IOException {
    Path file = scratch.resolve("flow.yaml");
    Files.writeString(file, text);
    return assertThrows(SettingsException.class, () -> Settings.load(file, List.of(), Map.of()))
        .errors();
  }
}
