package dev.crossfade.launcher.settings;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.crossfade.migration.QualityRule;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.records.TimeFormat;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.windows.WindowShape;
import dev.crossfade.transforms.windows.Windowing;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  private static final Path RESOURCES = Path.of("src/test/resources/settings");
  private static final Path FLIGHTS = RESOURCES.resolve("flights.yaml");
  private static final Path SMALLEST = RESOURCES.resolve("smallest.yaml");

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "CROSSFADE_KAFKA", "broker:9092",
          "CROSSFADE_DB_URL", "jdbc:postgresql://db/crossfade?ssl=true&password=hunter2",
          "CROSSFADE_DB_PASSWORD", "hunter2");

  /** A settings file with room for one more line. */
  private static final String VALID =
      """
      flow: flights
      eventTime: { field: departure, notBefore: 2000-12-01T00:00:00Z, notAfter: 2001-03-01T00:00:00Z }
      window: { size: 1h, watermarkDelay: 5h30m, allowedLateness: 24h }
      sources: { batch: { type: files, path: "*.csv", format: csv } }
      store: { url: "jdbc:postgresql://db/flights", user: flights, password: hunter2 }
      """;

  @TempDir Path directory;

  @Test
  void takesTheNamesOfTablesAsSqlWritesThem() throws Exception {
    for (String name :
        new String[] {
          "orders", "Sales.\u00c4pfel_2$", "\"Order \"\"Items\"\"\"", "a.\"b.c d\"", "db.a.b"
        }) {
      Path file = directory.resolve("named.yaml");
      Files.writeString(
          file,
          VALID.replace(
                  "{ type: files, path: \"*.csv\", format: csv }",
                  "{ type: jdbc, url: 'jdbc:postgresql://db/a', user: u, password: p, table: '"
                      + name
                      + "' }")
              + "legacy: { table: 'reports.\"Daily report\"' }\n");
      Settings settings = Settings.load(file, List.of(), ENVIRONMENT);

      BatchSource.Jdbc jdbc = (BatchSource.Jdbc) settings.sources().batch().orElseThrow();
      assertThat(jdbc.table(), is(name));
      assertThat(jdbc.partitionColumn(), is(Optional.empty()));
      assertThat(settings.legacy().orElseThrow().table(), is("reports.\"Daily report\""));
    }
  }

  @Test
  void readsEverySetting() throws Exception {
    Path home = RESOURCES.toAbsolutePath();

    assertThat(
        Settings.load(FLIGHTS, List.of(), ENVIRONMENT),
        is(
            new Settings(
                "flights",
                new EventTimes(
                    "departure",
                    ZoneId.of("America/New_York"),
                    Instant.parse("2000-12-01T00:00:00Z"),
                    Instant.parse("2001-03-01T00:00:00Z")),
                new Windowing(
                    new WindowShape.Fixed(Duration.ofHours(1)),
                    Duration.ofMinutes(330),
                    Duration.ofDays(1),
                    Duration.ofSeconds(1)),
                Map.of("airports", new Settings.Reference(home.resolve("airports.csv"), "iata")),
                new Settings.Sources(
                    Optional.of(
                        new BatchSource.Files(
                            new Address(home.resolveSibling("data/flights-*.csv.gz").toString()),
                            new RecordFormat.Csv(';'),
                            Optional.of(
                                new EventWindow(
                                    Instant.parse("2001-01-01T05:00:00Z"),
                                    Instant.parse("2001-01-08T05:00:00Z"))))),
                    Optional.of(
                        new KafkaStreamSource(
                            "broker:9092",
                            "flights",
                            Duration.ofSeconds(45),
                            true,
                            new ClientProperties(
                                Map.of(
                                    "security.protocol",
                                    "SASL_SSL",
                                    "max.poll.records",
                                    "500",
                                    "sasl.jaas.config",
                                    "org.example.Login required password=\"hunter2\";"))))),
                Optional.of(
                    new Settings.Legacy(
                        "reporting.flights_hourly",
                        Optional.of(home.resolve("legacy/flights.sql")))),
                new Settings.Store(
                    new Address("jdbc:postgresql://db/crossfade?ssl=true&password=hunter2"),
                    "crossfade",
                    Secret.of("hunter2"),
                    Duration.ofMinutes(3)),
                Optional.of(0.05),
                new Sink.Postgres(),
                Map.of(
                    "airports-known",
                    rule(43, new QualityRule.NullShare("airport", new BigDecimal("0.02"))),
                    "delays",
                    rule(
                        44,
                        new QualityRule.Range(
                            "worst_delay",
                            Optional.of(new BigDecimal(-120)),
                            Optional.of(new BigDecimal("3000.5")))),
                    "no-gain",
                    rule(
                        45,
                        new QualityRule.Range(
                            "miles", Optional.of(BigDecimal.ZERO), Optional.empty())),
                    "carriers",
                    rule(
                        46,
                        new QualityRule.SumOfParts(
                            List.of("late_flights", "on_time_flights"), "flights")),
                    "weekday",
                    rule(
                        47,
                        new QualityRule.Volume(
                            Duration.ofDays(7), new BigDecimal("0.5"), new BigDecimal(2)))),
                Map.of(
                    "lateMinutes",
                    15L,
                    "share",
                    new BigDecimal("0.50"),
                    "carrier",
                    "no",
                    "strict",
                    true))));
  }

  private static Settings.Rule rule(int line, QualityRule says) {
    return new Settings.Rule(says, new Location(FLIGHTS.toString(), line, 3));
  }

  @Test
  void fillsInDefaults() throws Exception {
    Settings settings = Settings.load(SMALLEST, List.of(), Map.of());

    assertThat(settings.window().earlyFiring(), is(Duration.ofSeconds(10)));
    assertThat(settings.window().shape(), is(new WindowShape.LocalDay(ZoneId.of("Europe/Berlin"))));
    assertThat(settings.references(), is(Map.of()));
    assertThat(settings.legacy(), is(Optional.empty()));
    assertThat(settings.store().patience(), is(Duration.ofMinutes(10)));
    assertThat(settings.maxDeadRatio(), is(Optional.empty()));
    assertThat(settings.sink(), is(new Sink.Postgres()));
    assertThat(settings.quality(), is(Map.of()));
    assertThat(settings.parameters(), is(Map.of()));
    KafkaStreamSource stream = settings.sources().stream().orElseThrow();
    assertThat(stream.idleAfter(), is(Duration.ofSeconds(30)));
    assertThat(stream.stopAtEnd(), is(false));
    assertThat(stream.properties().values(), is(Map.of()));
    BatchSource.Jdbc batch = (BatchSource.Jdbc) settings.sources().batch().orElseThrow();
    assertThat(batch.user(), is("007"));
    assertThat(batch.partitions(), is(4));
    assertThat(batch.fetchSize(), is(10_000));
  }

  @Test
  void describesTheEffectiveSettingsInTheShapeOfTheFile() throws Exception {
    Map<String, Object> description = Settings.load(SMALLEST, List.of(), Map.of()).describe();

    assertThat(
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(description),
        is(Files.readString(RESOURCES.resolve("smallest.described.json")).strip()));
  }

  @Test
  void readsItsOwnDescriptionAgain() throws Exception {
    Settings settings = Settings.load(FLIGHTS, List.of(), ENVIRONMENT);
    String described = new ObjectMapper().writeValueAsString(settings.describe());

    assertThat(load(described).describe(), is(settings.describe()));
  }

  @Test
  void neverShowsASecret() throws Exception {
    for (Path file : List.of(FLIGHTS, SMALLEST)) {
      Settings settings = Settings.load(file, List.of(), ENVIRONMENT);

      assertThat(settings.toString(), not(containsString("hunter2")));
      assertThat(
          new ObjectMapper().writeValueAsString(settings.describe()),
          not(containsString("hunter2")));
      assertThat(settings.store().password().reveal(), is("hunter2"));
    }
  }

  @Test
  void masksWhatCarriesCredentials() throws Exception {
    ObjectMapper json = new ObjectMapper();

    assertThat(json.writeValueAsString(Secret.of("hunter2")), is("\"***\""));
    assertThat(
        json.writeValueAsString(new Address("s3://key:hunter2@bucket/a@b")),
        is("\"s3://***@bucket/a@b\""));
    assertThat(
        new Address("jdbc:oracle:thin:scott/hunter2@//host:1521/db").toString(),
        is("jdbc:oracle:thin:***@//host:1521/db"));
    assertThat(
        new Address("jdbc:sqlserver://host;user=u;Password=hunter2;encrypt=true").toString(),
        is("jdbc:sqlserver://host;user=u;Password=***;encrypt=true"));
    assertThat(
        new Address("jdbc:postgresql://host/db?sslmode=require&x=hunter2&user=a").toString(),
        is("jdbc:postgresql://host/db?sslmode=require&x=***&user=a"));
    assertThat(
        new Address("jdbc:db2://host:1/db:pass=hunter2;user=u;").toString(),
        is("jdbc:db2://host:1/db:pass=***;user=u;"));
    assertThat(
        new Address("jdbc:mysql://(host=h,pass=hunter2)/db").toString(),
        is("jdbc:mysql://(***)/db"));
    assertThat(
        new Address("jdbc:postgresql://u:hun/ter2@host/db").toString(),
        is("jdbc:postgresql://***@host/db"));
    assertThat(new Address("/data/a@b/*.csv").toString(), is("/data/a@b/*.csv"));
    assertThat(
        json.writeValueAsString(new ClientProperties(Map.of("SSL.Keystore.Password", "hunter2"))),
        is("{\"SSL.Keystore.Password\":\"***\"}"));
    assertThat(
        "a property that nobody knows",
        new ClientProperties(Map.of("my.pin", "hunter2")).toString(),
        is("{my.pin=***}"));
    assertThat(
        "one that is known",
        new ClientProperties(Map.of("security.protocol", "SASL_SSL")).toString(),
        is("{security.protocol=SASL_SSL}"));
  }

  @Test
  void putsOverridesOverTheFile() throws Exception {
    Settings settings =
        load(
            VALID + "sink:\n",
            "window.size=90s",
            "sink.type=kafka",
            "sink.bootstrapServers=b:9092",
            "sink.topic=2001",
            "sink.properties.security.protocol=SSL",
            "parameters.late.minutes=20",
            "parameters.quoted=\"20\"",
            "parameters.carrier='it''s'",
            "store.password=#a=b !*&",
            "store.user=first",
            "store.user=${USER_NAME}");

    assertThat(settings.window().shape(), is(new WindowShape.Fixed(Duration.ofSeconds(90))));
    assertThat(
        settings.sink(),
        is(
            new Sink.Kafka(
                "b:9092", "2001", new ClientProperties(Map.of("security.protocol", "SSL")))));
    assertThat(
        settings.parameters(), is(Map.of("late.minutes", 20L, "quoted", "20", "carrier", "it's")));
    assertThat(settings.store().password().reveal(), is("#a=b !*&"));
    assertThat(settings.store().user(), is("somebody"));
  }

  @Test
  void readsHowTimesAreWrittenAndTheWindowsOfACalendar() throws Exception {
    ZoneId kolkata = ZoneId.of("Asia/Kolkata");
    String one = "window: { size: 1h,";
    assertThat(VALID, containsString(one));

    Settings hours = load(VALID.replace(one, "window: { size: 1h, offset: 30m,"));
    Settings weeks = load(VALID.replace(one, "window: { localWeek: Asia/Kolkata,"));
    Settings sundays =
        load(
            VALID.replace(one, "window: { localWeek: Asia/Kolkata, firstDayOfWeek: sunday,"),
            "eventTime.format=dd.MM.yyyy HH:mm");
    Settings months = load(VALID.replace(one, "window: { localMonth: Asia/Kolkata,"));

    assertThat(
        hours.window().shape(),
        is(new WindowShape.Fixed(Duration.ofHours(1), Duration.ofMinutes(30))));
    assertThat(weeks.window().shape(), is(new WindowShape.LocalWeek(kolkata, DayOfWeek.MONDAY)));
    assertThat(sundays.window().shape(), is(new WindowShape.LocalWeek(kolkata, DayOfWeek.SUNDAY)));
    assertThat(sundays.eventTime().format(), is(TimeFormat.of("dd.MM.yyyy HH:mm")));
    assertThat(months.window().shape(), is(new WindowShape.LocalMonth(kolkata)));
    for (Settings settings : List.of(hours, weeks, sundays, months)) {
      String described = new ObjectMapper().writeValueAsString(settings.describe());
      assertThat(load(described).window(), is(settings.window()));
      assertThat(load(described).eventTime(), is(settings.eventTime()));
    }
  }

  @Test
  void putsOverridesOverRules() throws Exception {
    Settings settings =
        load(
            VALID + "quality: { miles: { type: range, column: miles, least: 0 } }\n",
            "quality.miles.least=1e2",
            "quality.weekday.type=volume",
            "quality.weekday.against=168h",
            "quality.weekday.least=0",
            "quality.weekday.most=2");

    assertThat(
        settings.quality().get("miles").says(),
        is(new QualityRule.Range("miles", Optional.of(new BigDecimal("1e2")), Optional.empty())));
    assertThat(
        settings.quality().get("weekday").says(),
        is(new QualityRule.Volume(Duration.ofDays(7), BigDecimal.ZERO, new BigDecimal(2))));
  }

  @Test
  void replacesVariables() throws Exception {
    Map<String, Object> parameters =
        load(VALID
                + """
                    parameters:
                      whole: ${USER_NAME}
                      within: a-${USER_NAME}-${USER_NAME}
                      unset: ${NOBODY:-nobody}
                      blank: "${BLANK:-}${BLANK:-blank}"
                      escaped: $${USER_NAME} costs 5$
                      number: ${NUMBER}
                      quoted: "${NUMBER}"
                      once: ${PLACEHOLDER}
                    """)
            .parameters();

    assertThat(
        parameters,
        is(
            Map.of(
                "whole", "somebody",
                "within", "a-somebody-somebody",
                "unset", "nobody",
                "blank", "blank",
                "escaped", "${USER_NAME} costs 5$",
                "number", 15L,
                "quoted", "15",
                "once", "${USER_NAME}")));
    assertThat(
        parameters.keySet(),
        contains("whole", "within", "unset", "blank", "escaped", "number", "quoted", "once"));
  }

  @Test
  void followsAnchors() throws Exception {
    Settings settings =
        load(VALID + "legacy: { table: &table public.flights }\nparameters: { table: *table }\n");

    assertThat(settings.parameters(), is(Map.of("table", "public.flights")));
  }

  @Test
  void mergesMapsWhereTheMapItselfSaysNothing() throws Exception {
    Settings settings =
        load(
            VALID.replace(
                    "sources: {",
                    "sources: { stream: &kafka { type: kafka, bootstrapServers: \"b:9092\", "
                        + "topic: flights },")
                + """
                sink:
                  <<: *kafka
                  topic: results
                """);

    assertThat(
        settings.sink(), is(new Sink.Kafka("b:9092", "results", new ClientProperties(Map.of()))));
  }

  @Test
  void keepsUrisAndAbsolutePathsAsTheyAre() throws Exception {
    for (String place : List.of("s3://bucket/../a*.csv", "/data/flights*.csv")) {
      BatchSource batch =
          load(VALID, "sources.batch.path=" + place).sources().batch().orElseThrow();

      assertThat(((BatchSource.Files) batch).path(), is(new Address(place)));
    }
  }

  @Test
  void namesTheFileInEveryLine() throws Exception {
    Path file =
        Files.writeString(directory.resolve("flights.yaml"), VALID + "flow: orders\nx: 1\n");

    SettingsException e =
        assertThrows(SettingsException.class, () -> Settings.load(file, List.of(), Map.of()));

    assertThat(
        e.errors().get(0),
        is(new SettingsError(file.toString(), 6, 1, "flow", "is given twice; first in line 1")));
    assertThat(
        e.getMessage(),
        startsWith(
            file
                + ":6:1: flow: is given twice; first in line 1\n"
                + file
                + ":7:1: x: unknown key"));
  }

  @Test
  void tellsOfFilesThatCannotBeRead() throws Exception {
    assertThat(messageFor(directory.resolve("nowhere.yaml")), containsString("no such file"));
    assertThat(
        messageFor(Files.write(directory.resolve("latin1.yaml"), new byte[] {'a', (byte) 0xE9})),
        is(directory.resolve("latin1.yaml") + ": is not text in UTF-8"));
    assertThat(
        messageFor(Files.createFile(directory.resolve("empty.yaml"))),
        is(
            directory.resolve("empty.yaml")
                + ":1:1: the file is empty; expected the settings of a flow"));
    assertThat(messageFor(directory), startsWith(directory + ": cannot be read: "));
  }

  private static String messageFor(Path file) {
    return assertThrows(SettingsException.class, () -> Settings.load(file, List.of(), Map.of()))
        .getMessage();
  }

  private Settings load(String yaml, String... overrides) throws IOException, SettingsException {
    Path file = directory.resolve("flights.yaml");
    Files.write(file, yaml.getBytes(StandardCharsets.UTF_8));
    return Settings.load(
        file,
        List.of(overrides),
        Map.of(
            "USER_NAME", "somebody",
            "NUMBER", "15",
            "BLANK", "",
            "PLACEHOLDER", "${USER_NAME}"));
  }
}
