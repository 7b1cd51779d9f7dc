package dev.crossfade.io.jdbc;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.io.Failures;
import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.io.Servers;
import dev.crossfade.io.Sql;
import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.records.Nullable;
import dev.crossfade.transforms.records.RecordDecoder;
import dev.crossfade.transforms.records.UndecodableException;
import dev.crossfade.transforms.testing.Collected;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.junit.jupiter.api.Test;

class ReadTableTest {
  private static final EventTimes TIMES = ReadingsFlow.TIMES;

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

    List<Wide> rows = decode(read("wide", "id", 2, TIMES));

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

    List<Block> blocks = read("odd", "id", 3, TIMES);

    assertThat(positions(blocks), containsInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L));
    RecordDecoder<Wide> decoder = new RecordDecoder<>(Wide.class, ReadTable.format(), TIMES);
    for (Block block : blocks) {
      for (int i = 0; i < block.size(); i++) {
        int index = i;
        long id = block.origin(i).position();
        if (id == 1 || id == 2) {
          UndecodableException refused =
              assertThrows(UndecodableException.class, () -> decoder.decode(block, index));
          assertThat(refused.getMessage(), containsString("expected a decimal number"));
        }
        if (id == 4 || id >= 6) {
          UndecodableException refused =
              assertThrows(UndecodableException.class, () -> decoder.decode(block, index));
          assertThat(
              refused.getMessage(), containsString(id == 7 ? "is '-infinity'" : " is 'infinity'"));
        }
        assertThat("an event time of " + id, block.eventTime(i), is(Block.UNREADABLE));
      }
    }
  }

  @Test
  void everyRowIsInOnePartitionWhateverTheKeys() throws Exception {
    Sql.execute("DROP TABLE IF EXISTS spread", "CREATE TABLE spread (id bigint, n int)");
    assertThat(read("spread", "id", 4, TIMES), is(empty()));

    Sql.execute(
        "INSERT INTO spread VALUES (-9223372036854775808, 1), (9223372036854775807, 2), (-1, 3),"
            + " (0, 4), (1, 5), (NULL, 6), (NULL, 7), (1, 8)",
        "INSERT INTO spread SELECT -1000000 + g * g * g, 100 + g FROM generate_series(1, 300) g");
    for (int partitions : new int[] {1, 7}) {
      List<Block> blocks = read("spread", "id", partitions, TIMES);

      List<String> rows = records(blocks);
      assertThat(rows, hasSize(308));
      assertThat(rows.stream().distinct().toList(), hasSize(308));
      assertThat(
          blocks.stream()
              .filter(block -> block.source().equals("spread[id is null]"))
              .mapToInt(Block::size)
              .sum(),
          is(2));
    }
    assertThat(read("spread", "id", 7, TIMES), hasSize(greaterThan(2)));

    Sql.execute("DELETE FROM spread WHERE id IS NOT NULL");
    assertThat(records(read("spread", "id", 4, TIMES)), hasSize(2));
    Sql.execute("DELETE FROM spread", "INSERT INTO spread VALUES (5, 1), (6, 1)");
    assertThat(read("spread", "id", 100, TIMES), hasSize(lessThanOrEqualTo(2)));
  }

  @Test
  void anEventTimeMeansTheSameInWhateverZoneThisRuns() throws Exception {
    Sql.execute(
        "DROP TABLE IF EXISTS zoned",
        "CREATE TABLE zoned (id int, at timestamptz, local_time timestamp)",
        "INSERT INTO zoned VALUES (1, '2010-04-04 09:00:00+00', '2010-04-04 02:30:00')");

    assertThat(
        read("zoned", "id", 1, TIMES).get(0).eventTime(0),
        is(Instant.parse("2010-04-04T09:00:00Z").toEpochMilli()));
    EventTimes local =
        new EventTimes("local_time", ZoneId.of("UTC"), TIMES.notBefore(), TIMES.notAfter());
    assertThat(
        read("zoned", "id", 1, local).get(0).eventTime(0),
        is(Instant.parse("2010-04-04T02:30:00Z").toEpochMilli()));
  }

  @Test
  void aKeyThatIsNoIntegerIsRefusedSinceRowsWouldBeLostBetweenPartitions() throws Exception {
    Sql.execute(
        "DROP TABLE IF EXISTS fractions",
        "CREATE TABLE fractions (id numeric, name text)",
        "INSERT INTO fractions VALUES (0.5, 'a'), (1.5, 'b'), (9.5, 'c')");

    assertThat(
        failure(Servers.postgres(), "fractions", "id"),
        containsString("fractions.id is of numeric; rows are partitioned by an integer column"));
    assertThat(
        failure(Servers.postgres(), "fractions", "name"),
        containsString("fractions.name is of text; rows are partitioned by an integer column"));
  }

  @Test
  void whatIsMissingIsNamedAndThePasswordIsNot() throws Exception {
    Database right = Servers.postgres();
    Sql.execute("DROP TABLE IF EXISTS there", "CREATE TABLE there (id int)");

    assertThat(failure(right, "nowhere", "id"), containsString("\"nowhere\" does not exist"));
    assertThat(failure(right, "there", "key"), containsString("\"key\" does not exist"));
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
    for (String name : new String[] {"a; DROP TABLE b", "a b", "\"a\"", "", "a.b.c"}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> ReadTable.of(new Database("u", "u", "p"), name, "id", 1, 1, TIMES));
    }
  }

  /** Failures as text: all that one says, with its causes and stack traces. */
  private static String failure(Database database, String table, String column) {
    RuntimeException failure =
        assertThrows(
            RuntimeException.class,
            () -> collect(ReadTable.of(database, table, column, 2, 10, TIMES)));
    String all = Failures.textOf(failure);
    assertThat(all, not(containsString(Servers.password())));
    assertThat(all, not(containsString("hunter2")));
    return all;
  }

  private static List<Block> read(String table, String column, int partitions, EventTimes times) {
    return collect(ReadTable.of(Servers.postgres(), table, column, partitions, 10, times));
  }

  private static List<Block> collect(ReadTable source) {
    Pipeline pipeline = Pipeline.create();
    try (Collected<Block> blocks = Collected.from(pipeline.apply(source))) {
      pipeline.run().waitUntilFinish();
      return blocks.elements();
    }
  }

  private static List<Wide> decode(List<Block> blocks) throws UndecodableException {
    RecordDecoder<Wide> decoder = new RecordDecoder<>(Wide.class, ReadTable.format(), TIMES);
    List<Wide> rows = new ArrayList<>();
    for (Block block : blocks) {
      for (int i = 0; i < block.size(); i++) {
        rows.add(decoder.decode(block, i));
      }
    }
    return rows;
  }

  private static List<String> records(List<Block> blocks) {
    List<String> records = new ArrayList<>();
    for (Block block : blocks) {
      for (int i = 0; i < block.size(); i++) {
        records.add(block.copyOf(i).toString());
      }
    }
    return records;
  }

  private static List<Long> positions(List<Block> blocks) {
    List<Long> positions = new ArrayList<>();
    for (Block block : blocks) {
      for (int i = 0; i < block.size(); i++) {
        positions.add(block.origin(i).position());
      }
    }
    return positions;
  }
}
