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
import dev.crossfade.transforms.ReferenceTable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        "shop,city\\nA,Bonn\\nB,Cork\\nA,Kiel\\n | :4: the key 'A' stands in line 2 too",
        "shop,shop\\nA,Bonn\\n | :1: the column 'shop' stands there twice",
        "id,city\\n1,Bonn\\n | :1: there is no column 'shop'; there are [id, city]",
        "'' | :1: is empty; a CSV file begins with a header line",
        "shop,city\\nA,\"Bonn\\n | (startline 2) EOF reached",
        "shop,city\\n\"A\\nB\",Bonn\\nC\\nD\\n | :4: has 1 fields; the header has 2",
        "shop,city\\nA,Bonn\\n\\n \\nB\\n | :5: has 1 fields; the header has 2",
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

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r", "\r\r\n"})
  void readsAReferenceWithAnyLineEndAndAMarkPlainOrCompressed(String end) throws IOException {
    String text = "\uFEFFshop,city\nA,Z\u00fcrich\n\n \t\nB,Cork\n".replace("\n", end);
    Path plain = directory.resolve("plain.csv");
    Files.writeString(plain, text);
    Path zipped = directory.resolve("zipped.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    for (Path file : List.of(plain, zipped)) {
      ReferenceTable table = ReferenceFiles.read("shops", file, "shop");
      assertThat(table.column("city").of("A"), is("Z\u00fcrich"));
      assertThat(table.column("city").of("B"), is("Cork"));
    }
  }

  @Test
  void refusesAReferenceThatIsNotUtf8OrNotWhole() throws IOException {
    Path latin = directory.resolve("latin.csv");
    Files.write(latin, "shop,city\nA,Bonn\nB,Z\u00fcrich\n".getBytes(StandardCharsets.ISO_8859_1));
    Path wide = directory.resolve("wide.csv");
    Files.write(wide, "\uFEFFshop,city\nA,Bonn\n".getBytes(StandardCharsets.UTF_16LE));
    Path cut = directory.resolve("cut.csv.gz");
    Files.write(cut, new byte[] {0x1f, (byte) 0x8b, 8, 0});

    assertRefused(latin, latin + ":3: is not UTF-8: the byte 0xfc");
    assertRefused(wide, wide + ":1: begins with the byte order mark of UTF-16");
    assertRefused(cut, cut + ":1: cannot be decompressed to its end");
  }

  @Test
  void namesEveryLineOfAReferenceThatIsWrong() throws IOException {
    Path shops = directory.resolve("shops.csv");
    Files.writeString(shops, "shop,city\nA\nB,Bonn\nB,Kiel\n");

    assertRefused(shops, shops + ":2: has 1 fields");
    assertRefused(shops, shops + ":4: the key 'B' stands in line 3 too");
  }

  private static void assertRefused(Path file, String message) {
    VerbException e =
        assertThrows(VerbException.class, () -> ReferenceFiles.read("shops", file, "shop"));
    assertThat(e.exitCode(), is(ExitCode.USAGE));
    assertThat(e.getMessage(), containsString(message));
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
