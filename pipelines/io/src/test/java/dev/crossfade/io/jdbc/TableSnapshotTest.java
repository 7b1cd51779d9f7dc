package dev.crossfade.io.jdbc;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.io.Failures;
import dev.crossfade.io.Servers;
import dev.crossfade.io.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TableSnapshotTest {
  private static final String HOLDERS =
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
          + " AND state LIKE 'idle in transaction%'";

  @BeforeEach
  void makeTable() throws SQLException {
    Sql.execute(
        "DROP TABLE IF EXISTS moving",
        "CREATE TABLE moving (id int, v text)",
        "INSERT INTO moving VALUES (1, 'a'), (1, 'b'), (-7, 'c'), (NULL, 'd')");
  }

  @Test
  void everyPartIsReadAtTheInstantOfTheCount() throws Exception {
    for (String column : new String[] {null, "id"}) {
      makeTable();
      try (TableSnapshot snapshot = take(column)) {
        Sql.execute(
            "DELETE FROM moving WHERE v = 'a'",
            "UPDATE moving SET id = 99, v = 'x' WHERE v = 'b'",
            "INSERT INTO moving SELECT g, 'new' FROM generate_series(-10, 5000) g",
            "VACUUM moving");

        assertThat(snapshot.range().end(), is(4L));
        assertThat(
            ReadTableTest.records(ReadTableTest.read(snapshot)),
            containsInAnyOrder(
                "{\"id\":1,\"v\":\"a\"}",
                "{\"id\":1,\"v\":\"b\"}",
                "{\"id\":-7,\"v\":\"c\"}",
                "{\"id\":null,\"v\":\"d\"}"));
        assertThat(snapshot.loss(), is(Optional.empty()));
      }
    }
  }

  @Test
  void aSnapshotThatIsLostIsToldAndNothingIsReadAtAnotherInstant() throws Exception {
    try (TableSnapshot snapshot = take(null)) {
      assertThat(Sql.query(HOLDERS), hasSize(1));
      Sql.execute("SELECT pg_terminate_backend(" + Sql.query(HOLDERS).get(0) + ")");
      Awaitility.await().until(() -> Sql.query(HOLDERS).isEmpty());

      RuntimeException failed =
          assertThrows(RuntimeException.class, () -> ReadTableTest.read(snapshot));
      Throwable cause = failed;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      assertThat(
          cause.getMessage(),
          allOf(
              startsWith("the snapshot that all parts of moving are read in is not to be had at "),
              containsString("behind a load balancer")));
      assertThat(Failures.textOf(failed), not(containsString(Servers.password())));
      assertThat(
          snapshot.loss().orElseThrow(),
          startsWith("the snapshot that all parts of moving are read in is gone: "));
    }
  }

  @Test
  void aServerThatEndsIdleTransactionsEndsNeitherTheHolderNorAReader() throws Exception {
    String role = "ALTER ROLE CURRENT_USER ";
    Sql.execute(
        role + "SET idle_in_transaction_session_timeout = '300ms'",
        role + "SET transaction_timeout = '500ms'");
    try (TableSnapshot snapshot = take(null)) {
      Awaitility.await().pollDelay(Duration.ofMillis(900)).until(() -> snapshot.loss().isEmpty());
      assertThat(ReadTableTest.records(ReadTableTest.read(snapshot)), hasSize(4));
    } finally {
      Sql.execute(
          role + "RESET idle_in_transaction_session_timeout", role + "RESET transaction_timeout");
    }
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    try (TableSnapshot snapshot = take("id")) {
      assertThat(ReadTableTest.read(snapshot), not(empty()));
    }
    Awaitility.await().until(() -> Sql.query(HOLDERS).isEmpty());
    assertThrows(
        IllegalArgumentException.class,
        () -> TableSnapshot.take(ReadTableTest.table(Servers.postgres(), "moving", "v", 2)));
    assertThrows(
        SQLException.class,
        () -> TableSnapshot.take(ReadTableTest.table(Servers.postgres(), "gone", null, 2)));
    Awaitility.await().until(() -> Sql.query(HOLDERS).isEmpty());
  }

  @Test
  void aReaderCannotWrite() throws Exception {
    try (TableSnapshot snapshot = take(null);
        Connection reader = new SnapshotConnections(Servers.postgres(), snapshot.plan()).open();
        Statement statement = reader.createStatement()) {
      SQLException refused =
          assertThrows(SQLException.class, () -> statement.execute("DELETE FROM moving"));
      assertThat(refused.getMessage(), containsString("read-only transaction"));
    }
  }

  private static TableSnapshot take(String column) throws SQLException {
    return TableSnapshot.take(ReadTableTest.table(Servers.postgres(), "moving", column, 3));
  }
}
