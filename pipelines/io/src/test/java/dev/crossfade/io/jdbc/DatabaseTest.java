package dev.crossfade.io.jdbc;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.io.Failures;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;

/** A URL can carry credentials; neither a database's text nor what a driver throws shows them. */
class DatabaseTest {
  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://db:5432/store, jdbc:postgresql://db:5432/store",
    "jdbc:postgresql://db/store?ssl=true&password=hunter2, jdbc:postgresql://db/store",
    "jdbc:postgresql://u:hunter2@db/store, jdbc:postgresql:***@db/store",
    "jdbc:postgresql://u:?hunter2@db/store, jdbc:postgresql:***@db/store",
    "jdbc:oracle:thin:scott/hunter2@//db:1521/store, jdbc:oracle:***@//db:1521/store",
    "jdbc:sqlserver://db;user=u;password=hunter2, jdbc:sqlserver://db"
  })
  void showsWhereItIs(String url, String shown) {
    assertThat(new Database(url, "reader", "hunter2").toString(), is("reader at " + shown));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:nobody://db/store?password=hunter2",
        "jdbc:postgresql://localhost:port/store?password=hunter2",
        "jdbc:postgresql://localhost:1/store?password=hunter2",
        "jdbc:postgresql://localhost:1/store?socketFactory=hunter&password=hunter2",
        "jdbc:postgresql://reader:hunter2@localhost:1/store"
      })
  void whatADriverThrowsShowsNoCredentials(String url) {
    SQLException e =
        assertThrows(SQLException.class, () -> new Database(url, "reader", "hunter2").connect());

    assertThat(Failures.textOf(e), not(containsString("hunter2")));
  }

  @Test
  void namesTheDatabaseThatNoDriverTakes() {
    Database database = new Database("jdbc:nobody://db/store?password=hunter2", "reader", "x");

    SQLException e = assertThrows(SQLException.class, database::connect);

    assertThat(
        e.getMessage(),
        is("no JDBC driver on the class path takes the URL of reader at jdbc:nobody://db/store"));
  }

  /** Of a session cluster's jobs only the first finds its driver in the driver manager. */
  @Test
  void findsADriverThatTheDriverManagerDoesNotKnow() throws SQLException {
    Driver.deregister();
    try {
      SQLException e =
          assertThrows(
              SQLException.class,
              () -> new Database("jdbc:postgresql://localhost:1/store", "reader", "x").connect());

      assertThat(e.getMessage(), containsString("Connection to localhost:1 refused"));
    } finally {
      Driver.register();
    }
  }
}
