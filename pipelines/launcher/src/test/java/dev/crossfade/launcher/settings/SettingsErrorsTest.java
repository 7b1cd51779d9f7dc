package dev.crossfade.launcher.settings;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is told of wrong settings, to the letter. Every file in {@code settings/wrong} is a case: a
 * line that begins with {@code #set} is an override, and one that begins with {@code #!} a line of
 * the message, without the file's name.
 */
class SettingsErrorsTest {
  private static final Path WRONG = Path.of("src/test/resources/settings/wrong");

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "SECRET_DURATION",
          "hunter2",
          "LATER",
          "2002-02-02T00:00:00Z",
          "NEAR_ZONE",
          "Europe/Berlni");

  static Stream<String> cases() throws IOException {
    try (Stream<Path> files = Files.list(WRONG)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tellsWhatIsWrongAndWhatWouldBeRight(String name) throws IOException {
    Path file = WRONG.resolve(name);

    SettingsException e =
        assertThrows(
            SettingsException.class, () -> Settings.load(file, marked(file, "#set "), ENVIRONMENT));

    assertThat(
        e.getMessage().replace(file + ":", "").replaceAll("(?m)^ ", ""),
        is(String.join("\n", marked(file, "#! "))));
    assertThat(e.getMessage(), not(containsString("hunter2")));
    assertThat(e.getMessage(), not(containsString("2002-02-02")));
    assertThat(e.getMessage(), not(containsString("Berln")));
  }

  private static List<String> marked(Path file, String mark) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(mark))
        .map(line -> line.substring(mark.length()))
        .toList();
  }
}
