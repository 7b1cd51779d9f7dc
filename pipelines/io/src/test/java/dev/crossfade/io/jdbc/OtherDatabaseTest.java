package dev.crossfade.io.jdbc;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.crossfade.io.Servers;
import dev.crossfade.transforms.records.Block;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A table of a database that has no snapshots to export, and other rules for names. */
class OtherDatabaseTest {
  private static final Database DATABASE =
      Servers.database(
          "jdbc:h2:mem:other;DB_CLOSE_DELAY=-1;IGNORE_UNKNOWN_SETTINGS=TRUE", "u", "p");

  @Test
  void valuesAreWrittenAsThoseOfPostgres() throws Exception {
    execute(
        "CREATE TABLE orders (id int, code char(5), \"Mixed Case\" varchar,"
            + " at timestamp with time zone, local_time timestamp, \"day\" date, ok boolean,"
            + " amount numeric(10, 2))",
        "INSERT INTO orders VALUES (1, 'ab', 'x ', TIMESTAMP WITH TIME ZONE"
            + " '2001-01-01 00:00:00+02:00', TIMESTAMP '2001-02-03 04:05:06', DATE '2001-02-03',"
            + " true, 1.50), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");

    List<Block> blocks = read("orders", null);

    assertThat(
        ReadTableTest.records(blocks),
        containsInAnyOrder(
            "{\"id\":1,\"code\":\"ab\",\"Mixed Case\":\"x \",\"at\":\"2000-12-31T22:00:00Z\","
                + "\"local_time\":\"2001-02-03T04:05:06\",\"day\":\"2001-02-03\",\"ok\":true,"
                + "\"amount\":1.50}",
            "{\"id\":null,\"code\":null,\"Mixed Case\":null,\"at\":null,\"local_time\":null,"
                + "\"day\":null,\"ok\":null,\"amount\":null}"));
    assertThat(ReadTableTest.origins(blocks), containsInAnyOrder("orders:1.1", "orders:1.2"));
  }

  @Test
  void everyRowIsReadOnceHoweverTheTableIsDivided() throws Exception {
    execute(
        "CREATE TABLE \"Many Rows\" AS SELECT CASE WHEN x % 9 > 0 THEN x - 2000 END AS id,"
            + " CAST(x AS numeric(9, 1)) / 3 AS amount, DATEADD('HOUR', x, DATE '2001-01-01') AS at"
            + " FROM SYSTEM_RANGE(1, 5000)");
    for (String column : new String[] {null, "id", "AMOUNT", "at", "\"AT\""}) {
      List<Block> blocks = read("\"Many Rows\"", column);

      assertThat(ReadTableTest.records(blocks).stream().distinct().toList(), hasSize(5_000));
      List<String> origins = ReadTableTest.origins(blocks);
      assertThat(origins.stream().distinct().toList(), hasSize(5_000));
      if (column != null) {
        assertThat(origins, hasItem("\"Many Rows\":3.1"));
      }
    }
  }

  private static List<Block> read(String name, String column) throws SQLException {
    try (TableSnapshot snapshot =
        TableSnapshot.take(ReadTableTest.table(DATABASE, name, column, 3))) {
      List<Block> blocks = ReadTableTest.read(snapshot);
      assertThat(snapshot.range().end(), is(blocks.stream().mapToLong(Block::size).sum()));
      assertThat(snapshot.loss(), is(Optional.empty()));
      return blocks;
    }
  }

  private static void execute(String... statements) throws SQLException {
    try (Connection connection = DATABASE.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
