package dev.crossfade.io.jdbc;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.io.Failures;
import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.io.Servers;
import dev.crossfade.io.Sql;
import dev.crossfade.transforms.graph.ComputeFlow;
import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.records.Nullable;
import dev.crossfade.transforms.records.RecordDecoder;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.records.SourceRange;
import dev.crossfade.transforms.records.UndecodableException;
import dev.crossfade.transforms.testing.Collected;
import dev.crossfade.transforms.testing.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.Pipeline;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadTableTest {
  private static final EventTimes TIMES = ReadingsFlow.TIMES;

  private static final RecordFormat FORMAT = ReadTable.format();

  /** One component of each class that a column can be decoded into. */
  public record Wide(
      long id,
      @Nullable Integer small,
      @Nullable BigDecimal amount,
      @Nullable Boolean flag,
      @Nullable LocalDate day,
      @Nullable LocalDateTime localTime,
      @Nullable Instant at,
      @Nullable String words) {}

  /** Tables that are made without a schema would be made in it, for the user has its name. */
  @BeforeAll
  static void dropTheStore() throws SQLException {
    Sql.execute("DROP SCHEMA IF EXISTS crossfade CASCADE");
  }

  @Test
  void everyTypeIsDecodedAsItStandsInTheTable() throws Exception {
    Sql.execute(
        "DROP TABLE IF EXISTS wide",
        "CREATE TABLE wide (id bigint PRIMARY KEY, small smallint, amount numeric(38,10), flag"
            + " boolean, day date, local_time timestamp, at timestamptz, words text, other jsonb,"
            + " mask bit(3), ratio double precision, raw bytea, list int[])",
        "INSERT INTO wide VALUES (1, -7, 12345678901234567890.0000000001, true, '2001-02-03',"
            + " '2010-04-04 02:30:00.123456', '2010-04-04 02:30:00.123456-06', '\"quoted\" \\"
            + " ''x'', \u00e9\u4e2d\uD83D\uDE00' || chr(10) || chr(9), '{\"a\":[1]}', B'101',"
            + " 'NaN', '\\x00ff', '{1,2}')",
        "INSERT INTO wide VALUES (2)",
        "INSERT INTO wide (id, day, at, local_time) VALUES (3, '0001-01-01', '0001-01-01 00:00Z',"
            + " '9999-12-31 23:59:59.999999')");

    List<Wide> rows = decode(read("wide", "id", 2));

    assertThat(
        rows,
        containsInAnyOrder(
            new Wide(
                1,
                -7,
                new BigDecimal("12345678901234567890.0000000001"),
                true,
                LocalDate.of(2001, 2, 3),
                // Does not exist in the zone that the tests run in.
                LocalDateTime.parse("2010-04-04T02:30:00.123456"),
                Instant.parse("2010-04-04T08:30:00.123456Z"),
                "\"quoted\" \\ 'x', \u00e9\u4e2d\uD83D\uDE00\n\t"),
            new Wide(2, null, null, null, null, null, null, null),
            new Wide(
                3,
                null,
                null,
                null,
                LocalDate.of(1, 1, 1),
                LocalDateTime.parse("9999-12-31T23:59:59.999999"),
                Instant.parse("0001-01-01T00:00:00Z"),
                null)));
  }

  @Test
  void aValueThatNoClassHoldsFailsItsRecordAlone() throws Exception {
    Sql.execute(
        "DROP TABLE IF EXISTS odd",
        "CREATE TABLE odd (id int, amount numeric, day date, at timestamptz, local_time timestamp)",
        "INSERT INTO odd VALUES (1, 'NaN'), (2, 'Infinity'), (3, 1.5)",
        "INSERT INTO odd (id, day) VALUES (4, 'infinity'), (5, '0044-03-15 BC')",
        "INSERT INTO odd (id, at) VALUES (6, 'infinity'), (7, '-infinity')",
        "INSERT INTO odd (id, local_time) VALUES (8, 'infinity')");

    List<Block> blocks = read("odd", "id", 3);

    assertThat(origins(blocks), hasSize(8));
    RecordDecoder<Wide> decoder = new RecordDecoder<>(Wide.class, FORMAT, TIMES);
    EventTimes.Reader times = TIMES.reader(FORMAT);
    for (Block block : blocks) {
      for (int i = 0; i < block.size(); i++) {
        int index = i;
        String record = block.copyOf(i).toString();
        if (record.contains("NaN") || record.contains("\"Infinity\"")) {
          UndecodableException refused =
              assertThrows(UndecodableException.class, () -> decoder.decode(block, index));
          assertThat(refused.getMessage(), containsString("expected a decimal number"));
        }
        if (record.contains("infinity\"")) {
          UndecodableException refused =
              assertThrows(UndecodableException.class, () -> decoder.decode(block, index));
          assertThat(
              refused.getMessage(),
              containsString(record.contains("-infinity") ? "is '-infinity'" : "is 'infinity'"));
        }
        byte[] bytes = block.copyOf(i).toArray();
        assertThat(
            "an event time of " + record,
            times.readOrUnreadable("", bytes, 0, bytes.length),
            is(Block.UNREADABLE));
      }
    }
  }

  @Test
  void theBlanksThatFillUpACharAreNoPartOfIt() throws Exception {
    Sql.execute(
        "DROP TABLE IF EXISTS filled",
        "DROP DOMAIN IF EXISTS code",
        "CREATE DOMAIN code AS char(5)",
        "CREATE TABLE filled (id int PRIMARY KEY, fixed char(6), of_domain code, one \"char\","
            + " free varchar(9), plain text, whole bpchar)",
        "INSERT INTO filled VALUES (1, 'ab', 'x y', ' ', 'ab  ', '  ', 'w  '), (2, '', '', '', '',"
            + " '', ''), (3, ' a' || chr(9), E'\u00e9\n', 'q', ' a ', chr(9), NULL)");

    assertThat(
        records(read("filled", null, 1)),
        contains(
            "{\"id\":1,\"fixed\":\"ab\",\"of_domain\":\"x y\",\"one\":\" \",\"free\":\"ab  \","
                + "\"plain\":\"  \",\"whole\":\"w\"}",
            "{\"id\":2,\"fixed\":\"\",\"of_domain\":\"\",\"one\":\"\",\"free\":\"\",\"plain\":\"\","
                + "\"whole\":\"\"}",
            "{\"id\":3,\"fixed\":\" a\\t\",\"of_domain\":\"\u00e9\\n\",\"one\":\"q\",\"free\":\" a \","
                + "\"plain\":\"\\t\",\"whole\":null}"));
  }

  @Test
  void whatIsTextInSqlIsReadAsText() throws Exception {
    Sql.execute(
        "DROP TABLE IF EXISTS texts",
        "DROP TYPE IF EXISTS mood",
        "CREATE TYPE mood AS ENUM ('good', 'so so')",
        "CREATE TABLE texts (how mood, catalogue name, id uuid, address inet, span int4range)",
        "INSERT INTO texts VALUES ('so so', 'pg_class',"
            + " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '::1', '[1,5)')");

    assertThat(
        records(read("texts", null, 1)),
        contains(
            "{\"how\":\"so so\",\"catalogue\":\"pg_class\",\"id\":"
                + "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\",\"address\":\"::1\",\"span\":\"[1,5)\"}"));
  }

  @ParameterizedTest
  @CsvSource({
    "bigint, '(-9223372036854775808), (9223372036854775807), (-1), (0), (1), (NULL), (NULL), (1)'",
    "int, '(5), (6)'",
    "smallint, '(-3)'",
    "numeric, '(''NaN''), (''-Infinity''), (1e40), (0.5), (1.5), (NULL)'",
    "'numeric(9,2)', '(0.01), (0.02), (0.02), (-7.5), (NULL)'",
    "date, '(''infinity''), (''-infinity''), (''0044-03-15 BC''), (''2001-02-03''), (NULL)'",
    "date, '(''2001-02-03''), (''2001-02-09''), (''2001-12-31'')'",
    "timestamp, '(''2001-02-03 04:05:06.789''), (''2020-02-29''), (''infinity'')'",
    "timestamptz, '(''2001-02-03 04:05:06Z''), (''-infinity''), (''294000-01-01Z''), (NULL)'",
    "int, '(NULL), (NULL)'",
    "int, ''"
  })
  void everyRowIsInOnePartWhateverItHasInTheColumn(String type, String values) throws Exception {
    Sql.execute("DROP TABLE IF EXISTS spread", "CREATE TABLE spread (c " + type + ", n serial)");
    if (!values.isEmpty()) {
      Sql.execute("INSERT INTO spread (c) VALUES " + values);
    }
    List<String> numbers = Sql.query("SELECT n FROM spread ORDER BY n");
    for (int parts : new int[] {1, 7}) {
      List<Block> blocks = read("spread", "c", parts);

      assertThat(numbers(blocks), is(numbers));
      assertThat(distinct(origins(blocks)), hasSize(numbers.size()));
    }
  }

  @Test
  void theRowsOfATableAreSpreadOverItsParts() throws Exception {
    Sql.execute(
        "DROP TABLE IF EXISTS large",
        "CREATE TABLE large (id bigint, n int)",
        "INSERT INTO large SELECT -1000000 + g * g, g FROM generate_series(1, 20000) g");
    List<String> numbers = Sql.query("SELECT n FROM large ORDER BY n");
    for (String column : new String[] {null, "id"}) {
      List<Block> blocks = read("large", column, 7);

      assertThat(numbers(blocks), is(numbers));
      assertThat(blocks, hasSize(greaterThan(9)));
      assertThat(blocks.stream().mapToInt(Block::size).max().orElseThrow(), is(2_000));
    }
  }

  @Test
  void anEventTimeMeansTheSameInWhateverZoneThisRuns() throws Exception {
    Sql.execute(
        "DROP TABLE IF EXISTS zoned",
        "CREATE TABLE zoned (id int, at timestamptz, local_time timestamp)",
        "INSERT INTO zoned VALUES (1, '2010-04-04 09:00:00+00', '2010-04-04 02:30:00')");
    byte[] row = read("zoned", "id", 1).get(0).copyOf(0).toArray();

    assertThat(
        TIMES.reader(FORMAT).readOrUnreadable("", row, 0, row.length),
        is(Instant.parse("2010-04-04T09:00:00Z").toEpochMilli()));
    EventTimes local =
        new EventTimes("local_time", ZoneId.of("UTC"), TIMES.notBefore(), TIMES.notAfter());
    assertThat(
        local.reader(FORMAT).readOrUnreadable("", row, 0, row.length),
        is(Instant.parse("2010-04-04T02:30:00Z").toEpochMilli()));
  }

  @Test
  void aRowIsAddressedByItsKeyAndAnyOtherByItsPlace() throws Exception {
    Sql.execute(
        "DROP SCHEMA IF EXISTS addressed CASCADE",
        "CREATE SCHEMA addressed",
        "CREATE TABLE addressed.by_id (n int, id bigint PRIMARY KEY)",
        "INSERT INTO addressed.by_id VALUES (1, 20), (2, -3)",
        "CREATE TABLE addressed.by_two (a text, at timestamptz, b char(4), PRIMARY KEY (a, at))",
        "INSERT INTO addressed.by_two VALUES ('x:y,\u00e9%\n', '2001-02-03 04:05:06+03', 'z')",
        "CREATE TABLE addressed.by_unique (a int, b char(4) NOT NULL UNIQUE)",
        "INSERT INTO addressed.by_unique VALUES (1, 'b')",
        "CREATE TABLE addressed.nullable (a int UNIQUE)",
        "INSERT INTO addressed.nullable VALUES (NULL), (NULL), (1)",
        "CREATE TABLE addressed.alike (a int)",
        "INSERT INTO addressed.alike VALUES (7), (7), (NULL)",
        "CREATE VIEW addressed.view AS SELECT a FROM addressed.alike",
        "CREATE MATERIALIZED VIEW addressed.kept AS SELECT a FROM addressed.alike",
        "CREATE TABLE addressed.months (a int, at date) PARTITION BY RANGE (at)",
        "CREATE TABLE addressed.january PARTITION OF addressed.months"
            + " FOR VALUES FROM ('2001-01-01') TO ('2001-02-01')",
        "CREATE TABLE addressed.others PARTITION OF addressed.months DEFAULT",
        "INSERT INTO addressed.months VALUES (1, '2001-01-01'), (2, '2002-01-01')",
        "CREATE TABLE addressed.parent (id int PRIMARY KEY)",
        "CREATE TABLE addressed.child () INHERITS (addressed.parent)",
        "INSERT INTO addressed.parent VALUES (1)",
        "INSERT INTO addressed.child VALUES (1)",
        "CREATE TABLE addressed.nothing ()",
        "INSERT INTO addressed.nothing DEFAULT VALUES",
        "INSERT INTO addressed.nothing DEFAULT VALUES");

    assertThat(
        origins("addressed.by_id"), containsInAnyOrder("addressed.by_id:20", "addressed.by_id:-3"));
    assertThat(
        origins("addressed.by_two"),
        contains("addressed.by_two:x%3Ay%2C\u00e9%25%0A,2001-02-03 01%3A05%3A06Z"));
    assertThat(origins("addressed.by_unique"), contains("addressed.by_unique:b"));
    assertThat(
        origins("addressed.nullable"),
        containsInAnyOrder(
            "addressed.nullable:(0,1)", "addressed.nullable:(0,2)", "addressed.nullable:(0,3)"));
    assertThat(origins("addressed.alike"), hasSize(3));
    assertThat(
        origins("addressed.view"),
        contains("addressed.view:1.1", "addressed.view:1.2", "addressed.view:1.3"));
    assertThat(
        origins("addressed.kept"),
        contains("addressed.kept:(0,1)", "addressed.kept:(0,2)", "addressed.kept:(0,3)"));
    assertThat(
        origins("addressed.months"),
        containsInAnyOrder(
            "addressed.months:addressed.january(0,1)", "addressed.months:addressed.others(0,1)"));
    assertThat(
        origins("addressed.parent"),
        containsInAnyOrder(
            "addressed.parent:addressed.parent(0,1)", "addressed.parent:addressed.child(0,1)"));
    assertThat(records(read("addressed.nothing", null, 3)), contains("{}", "{}"));
  }

  @Test
  void aKeyOfAnySizeMakesAnAddressThatAnIndexTakes() throws Exception {
    Sql.execute(
        "DROP TABLE IF EXISTS long_keys",
        "CREATE TABLE long_keys (id text PRIMARY KEY)",
        "INSERT INTO long_keys VALUES (repeat('k', 2000) || 1), (repeat('k', 2000) || 2), (':')");

    List<String> origins = origins("long_keys");
    assertThat(distinct(origins), hasSize(3));
    origins.forEach(origin -> assertThat(origin.length(), lessThan(400)));
  }

  @Test
  void namesAreReadAsSqlReadsThem() throws Exception {
    Sql.execute(
        "DROP SCHEMA IF EXISTS \"Sales.2001\" CASCADE",
        "CREATE SCHEMA \"Sales.2001\"",
        "CREATE TABLE \"Sales.2001\".\"Order \"\"Items\"\"\" (\"Line No\" int, \"order\" text)",
        "INSERT INTO \"Sales.2001\".\"Order \"\"Items\"\"\" VALUES (1, 'a'), (NULL, 'b')",
        "DROP TABLE IF EXISTS \"user\", \"order\"",
        "CREATE TABLE \"user\" (id int)",
        "INSERT INTO \"user\" VALUES (1), (2)",
        "CREATE TABLE \"order\" (\"group\" int)",
        "INSERT INTO \"order\" VALUES (1), (2)");

    String quoted = "\"Sales.2001\".\"Order \"\"Items\"\"\"";
    for (String column : new String[] {null, "\"Line No\""}) {
      assertThat(
          records(read(quoted, column, 3)),
          containsInAnyOrder(
              "{\"Line No\":1,\"order\":\"a\"}", "{\"Line No\":null,\"order\":\"b\"}"));
    }
    assertThat(origins(quoted).get(0), startsWith(quoted + ":(0,"));
    // Without quotes this would be a function of SQL.
    assertThat(records(read("user", null, 2)), hasSize(2));
    assertThat(records(read("Order", "Group", 2)), hasSize(2));
    assertThat(records(read("PUBLIC.USER", "ID", 2)), hasSize(2));
  }

  @Test
  void aColumnThatHasNoValuesBetweenTwoIsRefusedWithAWayOut() throws Exception {
    Sql.execute("DROP TABLE IF EXISTS fractions", "CREATE TABLE fractions (id uuid, name text)");
    for (String column : new String[] {"id", "name"}) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> TableSnapshot.take(table(Servers.postgres(), "fractions", column, 2)));
      assertThat(
          refused.getMessage(),
          allOf(
              containsString("partitionColumn: " + column + " of fractions is of type "),
              containsString("Leave the key out")));
    }
  }

  @Test
  void whatIsMissingIsNamedAndThePasswordIsNot() throws Exception {
    Database right = Servers.postgres();
    Sql.execute("DROP TABLE IF EXISTS there", "CREATE TABLE there (id int)");

    assertThat(failure(right, "nowhere", null), containsString("no table or view nowhere"));
    assertThat(failure(right, "\"There\"", null), containsString("no table or view \"There\""));
    assertThat(failure(right, "there", "key"), containsString("column t.key does not exist"));
    Database wrong = Servers.database(right.url(), right.user(), "hunter2");
    assertThat(failure(wrong, "there", "id"), containsString("password authentication failed"));
    Database down = Servers.database("jdbc:postgresql://127.0.0.1:1/x", "u", "hunter2");
    assertThat(failure(down, "there", "id"), containsString("127.0.0.1:1"));
    for (String url :
        new String[] {
          "jdbc:mysq://h/d?password=hunter2", "jdbc:postgresql://h:x/d?password=hunter2"
        }) {
      assertThat(
          failure(Servers.database(url, "u", "hunter2"), "there", "id"),
          containsString(url.substring(0, url.indexOf('?'))));
    }
  }

  @Test
  void aNameThatIsNoIdentifierIsRefused() {
    Database database = new Database("u", "u", "p");
    for (String name : new String[] {"a; DROP TABLE b", "a b", "\"a", "", "a..b", "a.", "1a"}) {
      assertThrows(IllegalArgumentException.class, () -> table(database, name, "id", 1));
    }
    assertThrows(IllegalArgumentException.class, () -> table(database, "a", "b.c", 1));
    assertThrows(IllegalArgumentException.class, () -> table(database, "a", "b", 0));
  }

  @Test
  void nothingIsPrinted() throws Exception {
    Sql.execute(
        "DROP TABLE IF EXISTS quiet",
        "CREATE TABLE quiet (id int PRIMARY KEY)",
        "INSERT INTO quiet VALUES (1)");
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      assertThat(read("public.quiet", null, 1), hasSize(1));
      assertThat(read("public.quiet", "id", 1), hasSize(1));
    } finally {
      System.setOut(before);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8), is(""));
  }

  @Test
  void theGraphAccountsForAsManyRowsAsTheDatabaseCounts() throws Exception {
    Sql.execute(
        "DROP TABLE IF EXISTS counted",
        "CREATE TABLE counted (id bigint, at timestamptz, sensor text, value int)",
        "INSERT INTO counted SELECT i * i - 50, '2001-02-03 04:05:06Z', 's', i % 7 - 1"
            + " FROM generate_series(1, 100) i",
        "INSERT INTO counted SELECT NULL, NULL, 's', 1 FROM generate_series(1, 3)",
        "DROP TABLE IF EXISTS none",
        "CREATE TABLE none (id bigint, at timestamptz, sensor text, value int)");
    for (String name : new String[] {"counted", "none"}) {
      Pipeline pipeline = Pipeline.create();
      try (TableSnapshot snapshot = TableSnapshot.take(table(Servers.postgres(), name, "id", 3))) {
        Outcome outcome =
            Outcome.of(
                pipeline,
                pipeline
                    .apply(ReadTable.at(snapshot, 10))
                    .apply(ComputeFlow.of(ReadingsFlow.plan(), FORMAT)));

        Map<String, Long> accounted = new TreeMap<>();
        outcome.origins().forEach((source, counts) -> accounted.put(source, counts.positions()));
        long rows = name.equals("none") ? 0 : 103;
        assertThat(snapshot.range(), is(SourceRange.ofCount(name, "", rows)));
        assertThat(accounted, is(rows == 0 ? Map.of() : Map.of(name, rows)));
        assertThat(outcome.unaccounted().toString(), outcome.unaccounted().isEmpty(), is(true));
      }
    }
  }

  /** Failures as text: all that one says, with its causes and stack traces. */
  private static String failure(Database database, String name, String column) {
    SQLException failure =
        assertThrows(
            SQLException.class, () -> TableSnapshot.take(table(database, name, column, 2)));
    String all = Failures.textOf(failure);
    assertThat(all, not(containsString(Servers.password())));
    assertThat(all, not(containsString("hunter2")));
    return all;
  }

  static SourceTable table(Database database, String name, String column, int parts) {
    return new SourceTable(database, name, Optional.ofNullable(column), parts);
  }

  private static List<Block> read(String name, String column, int parts) throws SQLException {
    try (TableSnapshot snapshot =
        TableSnapshot.take(table(Servers.postgres(), name, column, parts))) {
      List<Block> blocks = read(snapshot);
      long rows = blocks.stream().mapToLong(Block::size).sum();
      assertThat("the database's own count", snapshot.range().end(), is(rows));
      return blocks;
    }
  }

  static List<Block> read(TableSnapshot snapshot) {
    Pipeline pipeline = Pipeline.create();
    try (Collected<Block> blocks = Collected.from(pipeline.apply(ReadTable.at(snapshot, 10)))) {
      pipeline.run().waitUntilFinish();
      return blocks.elements();
    }
  }

  private static List<Wide> decode(List<Block> blocks) throws UndecodableException {
    RecordDecoder<Wide> decoder = new RecordDecoder<>(Wide.class, FORMAT, TIMES);
    List<Wide> rows = new ArrayList<>();
    for (Block block : blocks) {
      for (int i = 0; i < block.size(); i++) {
        rows.add(decoder.decode(block, i));
      }
    }
    return rows;
  }

  static List<String> records(List<Block> blocks) {
    List<String> records = new ArrayList<>();
    for (Block block : blocks) {
      for (int i = 0; i < block.size(); i++) {
        records.add(block.copyOf(i).toString());
      }
    }
    return records;
  }

  /** The values of the column n, in order. */
  private static List<String> numbers(List<Block> blocks) {
    Pattern number = Pattern.compile("\"n\":([0-9]+)");
    return records(blocks).stream()
        .map(
            record -> {
              Matcher matcher = number.matcher(record);
              assertThat(record, matcher.find(), is(true));
              return Integer.valueOf(matcher.group(1));
            })
        .sorted()
        .map(String::valueOf)
        .toList();
  }

  private static List<String> origins(String name) throws SQLException {
    return origins(read(name, null, 3));
  }

  static List<String> origins(List<Block> blocks) {
    List<String> origins = new ArrayList<>();
    for (Block block : blocks) {
      for (int i = 0; i < block.size(); i++) {
        origins.add(block.origin(i).toString());
      }
    }
    return origins;
  }

  private static List<String> distinct(List<String> texts) {
    return texts.stream().distinct().toList();
  }
}
