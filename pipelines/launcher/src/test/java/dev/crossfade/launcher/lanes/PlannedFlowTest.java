package dev.crossfade.launcher.lanes;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.launcher.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannedFlowTest {
  private static final Path SETTINGS = Path.of("src/test/resources/flows/payments.yaml");

  @TempDir Path directory;

  @Test
  void bindsAFlowToItsSettings() throws Exception {
    PlannedFlow flow = planned();

    assertThat(flow.plan().table().flow(), is("payments"));
    assertThat(flow.plan().table().key().names(), contains("city"));
    assertThat(flow.plan().windowing(), is(flow.settings().window()));
    assertThat(flow.plan().eventTimes(), is(flow.settings().eventTime()));
  }

  @Test
  void refusesAParameterThatTheFlowDoesNotRead() {
    VerbException e =
        assertThrows(
            VerbException.class, () -> planned("parameters.leats=5", "parameters.currency=EUR"));

    assertThat(e.exitCode(), is(ExitCode.USAGE));
    assertThat(
        e.getMessage(),
        is("the flow does not read parameters.currency, parameters.leats; it reads [least]"));
  }

  @Test
  void refusesAParameterOfAnotherKind() {
    VerbException e = assertThrows(VerbException.class, () -> planned("parameters.least=much"));

    assertThat(
        e.getMessage(), is("flow 'payments': parameters.least is 'much'; expected a whole number"));
  }

  @Test
  void tellsAllRulesThatDoNotFitTheResultsAtOnce() throws IOException {
    Path file = directory.resolve("payments.yaml");
    Files.writeString(
        file,
        Files.readString(SETTINGS)
            + """
            quality:
              cities: { type: nullShare, column: town, most: 0 }
              cents: { type: range, column: cents, least: 0 }
              sum: { type: sumOfParts, parts: payments + city, whole: total }
            """);
    Files.copy(SETTINGS.resolveSibling("shops.csv"), directory.resolve("shops.csv"));

    SettingsException e = assertThrows(SettingsException.class, () -> planned(file));

    int line = Files.readAllLines(SETTINGS).size();
    assertThat(
        e.getMessage(),
        is(
            file
                + ":"
                + (line + 2)
                + ":3: quality.cities: the rule 'null share of town at most 0' is about 'town'; the"
                + " results of flow 'payments' have these columns: city, payments, cents\n"
                + file
                + ":"
                + (line + 4)
                + ":3: quality.sum: the rule 'payments + city = total' is about 'city' and 'total';"
                + " the results of flow 'payments' have these columns of numbers: payments,"
                + " cents"));
  }

  @Test
  void namesAReferenceThatTheSettingsDoNotHave() throws IOException {
    Path other =
        Files.writeString(
            directory.resolve("payments.yaml"),
            Files.readString(SETTINGS).replace("shops: {", "stores: {"));
    Files.copy(SETTINGS.resolveSibling("shops.csv"), directory.resolve("shops.csv"));

    VerbException e = assertThrows(VerbException.class, () -> planned(other));

    assertThat(e.exitCode(), is(ExitCode.USAGE));
    assertThat(
        e.getMessage(),
        is(
            "flow 'payments': the flow reads references.shops, which its settings do not name;"
                + " they name [stores]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "shop,city\\nA,Bonn\\nB\\n | :3: has 1 fields; the header has 2",
        "shop,city\\nA,Bonn\\nB | :3: has 1 fields; the header has 2",
        "shop,city\\nA,Bonn\\nB,Cork\\nA,Kiel\\n | :4: the key 'A' stands there before",
        "shop,shop\\nA,Bonn\\n | :1: the column 'shop' stands there twice",
        "id,city\\n1,Bonn\\n | has no column 'shop'; it has [id, city]",
        "'' | has no column 'shop'; it has []",
        "shop,city\\nA,\"Bonn\\n | (startline 2) EOF reached",
        "shop,town\\nA,Bonn\\n | reference table 'shops' has no column 'city'"
      })
  void saysInWhichLineOfAReferenceSomethingIsWrong(String csv, String message) throws IOException {
    Path shops = directory.resolve("shops.csv");
    Files.writeString(shops, csv.replace("\\n", "\n"));

    VerbException e =
        assertThrows(VerbException.class, () -> planned("references.shops.path=" + shops));

    assertThat(e.exitCode(), is(ExitCode.USAGE));
    assertThat(e.getMessage(), containsString(message.startsWith(":") ? shops + message : message));
  }

  @Test
  void tellsAFileThatCannotBeReadFromOneThatIsWrong() {
    VerbException e =
        assertThrows(
            VerbException.class,
            () -> ReferenceFiles.read("shops", directory.resolve("nowhere.csv"), "shop"));

    assertThat(e.exitCode(), is(ExitCode.UNAVAILABLE));
    assertThat(e.getMessage(), startsWith("references.shops: cannot read "));
  }

  private static PlannedFlow planned(String... overrides) throws SettingsException {
    return planned(SETTINGS, overrides);
  }

  private static PlannedFlow planned(Path file, String... overrides) throws SettingsException {
    return PlannedFlow.of(
        Settings.load(file, List.of(overrides), Map.of()),
        new FlowCatalog(List.of(new PaymentsFlow())));
  }
}
