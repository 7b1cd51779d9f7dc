package dev.crossfade.launcher.settings;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a flow's Kafka clients get their properties of security from. */
class ClientPropertiesFilesTest {
  private static final String SETTINGS =
      """
      flow: flights
      eventTime: { field: departure, notBefore: 2000-12-01T00:00:00Z, notAfter: 2001-03-01T00:00:00Z }
      window: { size: 1h, watermarkDelay: 5h30m, allowedLateness: 24h }
      sources: { stream: { type: kafka, bootstrapServers: "${CROSSFADE_KAFKA}", topic: flights } }
      sink: { type: kafka, bootstrapServers: "other:9092", topic: results }
      store: { url: "jdbc:postgresql://db/flights", user: flights, password: x }
      """;

  @TempDir Path directory;
  private Path client;

  @BeforeEach
  void writeClientProperties() throws IOException {
    client =
        write(
            "client.properties",
            """
            # as Kafka's own programs take it
            bootstrap.servers=elsewhere:9092
            security.protocol = SASL_PLAINTEXT
            sasl.jaas.config=org.example.Login required password="hunter2";
            """);
  }

  @Test
  void theEnvironmentsFileIsForTheEnvironmentsBrokers() throws Exception {
    Settings settings = load(environment(client));

    assertThat(stream(settings), is(fromFile()));
    assertThat("another broker is not shown them", sink(settings), is(Map.of()));
  }

  @Test
  void withoutAFileThereAreNoPropertiesButThoseOfTheSettings() throws Exception {
    Map<String, String> plain = Map.of("CROSSFADE_KAFKA", "broker:9092");
    Map<String, String> blank =
        Map.of("CROSSFADE_KAFKA", "broker:9092", "CROSSFADE_KAFKA_PROPERTIES", "");

    assertThat(stream(load(plain)), is(Map.of()));
    assertThat(stream(load(blank)), is(Map.of()));
    assertThat(
        stream(load(plain, "sources.stream.properties.client.id=me")),
        is(Map.of("client.id", "me")));
    assertThat(
        "none is asked for",
        stream(load(environment(client), "sources.stream.propertiesFile=${NOBODY:-}")),
        is(Map.of()));
  }

  @Test
  void aFileThatIsNamedIsTakenForItsOwnSourceOrSink() throws Exception {
    write("mine.properties", "client.id=mine");
    Settings settings =
        load(
            environment(client),
            "sources.stream.propertiesFile=mine.properties",
            "sink.propertiesFile=client.properties");

    assertThat(stream(settings), is(Map.of("client.id", "mine")));
    assertThat(sink(settings), is(fromFile()));
  }

  @Test
  void whatTheSettingsSayThemselvesGoesBeforeTheFile() throws Exception {
    Settings settings =
        load(environment(client), "sources.stream.properties.security.protocol=SASL_SSL");

    assertThat(stream(settings).get("security.protocol"), is("SASL_SSL"));
    assertThat(stream(settings).get("sasl.jaas.config"), containsString("hunter2"));
    assertThat(settings.toString(), not(containsString("hunter2")));
  }

  @Test
  void aFileThatCannotBeTakenIsNamedWithWhatWouldBeRight() throws Exception {
    write("escape.properties", "client.id=\\u12");
    Files.write(directory.resolve("latin1.properties"), new byte[] {'a', '=', (byte) 0xE9});
    write("offsets.properties", "auto.offset.reset=latest\nenable.auto.commit=true");
    String key = "sources.stream.propertiesFile=";

    assertThat(
        refusal(environment(client), key + "nowhere.properties"),
        allOf(
            containsString(
                "sources.stream.propertiesFile: is \"nowhere.properties\", which is not there"),
            endsWith("; expected client properties as Kafka's own programs take")));
    assertThat(refusal(environment(client), key + "."), containsString("is a directory"));
    assertThat(refusal(environment(client), key + "latin1.properties"), containsString("UTF-8"));
    assertThat(refusal(environment(client), key + "escape.properties"), containsString("escape"));
    assertThat(
        refusal(environment(client), key + "offsets.properties"),
        allOf(
            containsString("auto.offset.reset (is refused: Crossfade keeps the positions itself)"),
            containsString("enable.auto.commit (is refused")));
    assertThat(
        refusal(environment(directory.resolve("gone.properties"))),
        allOf(
            containsString("is the file that CROSSFADE_KAFKA_PROPERTIES names"),
            containsString("gone.properties\", which is not there")));
  }

  private static Map<String, String> fromFile() {
    return Map.of(
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.jaas.config",
        "org.example.Login required password=\"hunter2\";");
  }

  private static Map<String, String> environment(Path file) {
    return Map.of("CROSSFADE_KAFKA", "broker:9092", "CROSSFADE_KAFKA_PROPERTIES", file.toString());
  }

  private static Map<String, String> stream(Settings settings) {
    return settings.sources().stream().orElseThrow().properties().values();
  }

  private static Map<String, String> sink(Settings settings) {
    return ((Sink.Kafka) settings.sink()).properties().values();
  }

  private String refusal(Map<String, String> environment, String... overrides) {
    return assertThrows(SettingsException.class, () -> load(environment, overrides)).getMessage();
  }

  private Settings load(Map<String, String> environment, String... overrides)
      throws IOException, SettingsException {
    return Settings.load(write("flow.yaml", SETTINGS), List.of(overrides), environment);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text, StandardCharsets.UTF_8);
  }
}
