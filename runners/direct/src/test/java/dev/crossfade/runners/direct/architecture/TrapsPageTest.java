package dev.crossfade.runners.direct.architecture;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/traps.md} names tests, and keeps up with them. */
final class TrapsPageTest {
  private static final int TRAPS = 23;
  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\|.*");

  @Test
  void everyTestThatThePageNamesExists() throws IOException {
    assertThat(NamedTests.missing(SourcePackages.project(), page()), empty());
  }

  @Test
  void everyTrapHasATestOrTheReasonWhyItCannotOccur() throws IOException {
    List<String> rows = page().lines().filter(line -> ROW.matcher(line).matches()).toList();

    assertThat(
        rows.stream().map(row -> ROW.matcher(row).replaceAll("$1")).toList(),
        is(IntStream.rangeClosed(1, TRAPS).mapToObj(Integer::toString).toList()));
    assertThat(
        rows.stream()
            .filter(row -> NamedTests.in(row).isEmpty() && !row.contains("annot occur"))
            .toList(),
        empty());
  }

  @Test
  void aTestThatIsNotThereIsFound(@TempDir Path project) throws IOException {
    Path tests = Files.createDirectories(project.resolve("module/src/test/java/p"));
    Files.writeString(
        tests.resolve("OneTest.java"),
        """
        class OneTest {
          @Test
          void isThere() {
            helper();
          }

          void helper() {
          }
        }
        """);

    assertThat(
        NamedTests.missing(
            project, "`OneTest.isThere`, `OneTest.isNot`, OneTest.helper and `TwoIT.isThere`"),
        is(List.of("OneTest.helper", "OneTest.isNot", "TwoIT.isThere")));
  }

  private static String page() throws IOException {
    return Files.readString(SourcePackages.project().resolve("docs/traps.md"));
  }
}
