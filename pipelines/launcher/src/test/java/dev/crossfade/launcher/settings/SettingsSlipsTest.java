package dev.crossfade.launcher.settings;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Slips of the pen: whatever they make of a file, it is read or refused, and nothing else. */
class SettingsSlipsTest {
  private static final Path FILE = Path.of("src/test/resources/settings/smallest.yaml");

  @Property(tries = 300)
  void isReadOrRefused(
      @ForAll @IntRange(max = 100_000) int where,
      @ForAll("slips") String inserted,
      @ForAll boolean replacing)
      throws IOException {
    String text = Files.readString(FILE);
    int at = where % text.length();
    Path file = Files.createTempFile("slip", ".yaml");
    try {
      Files.writeString(
          file, text.substring(0, at) + inserted + text.substring(at + (replacing ? 1 : 0)));
      Settings settings = Settings.load(file, List.of(), Map.of());

      assertThat(settings.describe().isEmpty(), is(false));
    } catch (SettingsException e) {
      assertThat(e.errors(), is(not(empty())));
    } finally {
      Files.delete(file);
    }
  }

  @Provide
  Arbitrary<String> slips() {
    return Arbitraries.of(
        "",
        " ",
        "\n",
        "\t",
        ":",
        ": ",
        "-",
        "- ",
        "#",
        " #",
        "'",
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        "&a ",
        "*a ",
        "!a ",
        "|",
        ">",
        "%",
        "@",
        "`",
        "?",
        "? ",
        "\\",
        "$",
        "${",
        "$${",
        "${A}",
        "${A:-b}",
        "\0",
        "\u0007",
        "\uFEFF",
        "é",
        "𝄞",
        "~",
        "null",
        "0",
        "---\n",
        "...\n",
        "<<: ",
        "\n<<: *a\n",
        "\n  type: x",
        "\r\n");
  }
}
