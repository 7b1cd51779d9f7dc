package dev.crossfade.io.jdbc;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.io.Failures;
import dev.crossfade.io.Outputs;
import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.io.Servers;
import dev.crossfade.io.Sql;
import dev.crossfade.transforms.graph.WindowCounts;
import dev.crossfade.transforms.results.Result;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.Pipeline;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store goes away while it is written to. */
class PatientConnectionTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @BeforeEach
  void createTables() throws Exception {
    Sql.createStore(ReadingsFlow.plan().table());
    // A sequence counts the attempts, since it is not rolled back with them.
    Sql.execute(
        "CREATE TABLE crossfade.lines (line int PRIMARY KEY)",
        "CREATE SEQUENCE crossfade.attempts");
  }

  @AfterEach
  void startTheServerAgain() throws Exception {
    Servers.postgresServer().start();
  }

  @ParameterizedTest
  @ValueSource(strings = {"53100", "53300", "57P03", "57P01", "08006", "40001", "40P01", "25006"})
  void whatPassesIsTriedAgain(String state) throws Exception {
    refuse(state, 3);

    try (PatientConnection connection = new PatientConnection(Servers.postgres(), LONG)) {
      connection.inTransaction(transaction -> insert(transaction, 1, 2));
      connection.inTransaction(transaction -> insert(transaction, 3));
    }

    assertThat(lines(), contains("1", "2", "3"));
    assertThat(attempts(), is(6L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"23514", "22003", "42501", "XX000"})
  void whatDoesNotPassFailsAtOnce(String state) throws Exception {
    refuse(state, 1);

    SQLException failure =
        assertThrows(SQLException.class, () -> write(Servers.postgres(), LONG, 1));

    assertThat(failure.getSQLState(), is(state));
    assertThat(failure.getMessage(), not(containsString("away")));
    assertThat(attempts(), is(1L));
    assertThat(lines(), is(empty()));
  }

  @Test
  void patienceEndsWithAFailureThatNamesTheDatabaseAndNoCredentials() throws Exception {
    refuse("53100", 1_000);

    SQLException failure =
        assertThrows(
            SQLException.class, () -> write(Servers.postgres(), Duration.ofMillis(500), 1));

    assertThat(
        failure.getMessage(),
        allOf(
            containsString("crossfade at jdbc:postgresql://127.0.0.1:"),
            containsString("has been away for PT"),
            containsString("refused with 53100")));
    assertThat(failure.getSQLState(), is("53100"));
    assertThat(Failures.textOf(failure), not(containsString(Servers.password())));
    assertThat(attempts(), is(greaterThan(1L)));
  }

  @Test
  void aServerThatIsNotThereFailsWhenPatienceIsUsedUp() {
    Database down =
        new Database("jdbc:postgresql://127.0.0.1:1/x?password=hunter3", "u", "hunter2");

    SQLException failure =
        assertThrows(SQLException.class, () -> write(down, Duration.ofMillis(300), 1));

    assertThat(
        failure.getMessage(), containsString("u at jdbc:postgresql://127.0.0.1:1/x has been away"));
    assertThat(Failures.textOf(failure), not(containsString("hunter")));
  }

  @Test
  void aServerThatIsStoppedAndStartedIsWaitedFor() throws Exception {
    try (PatientConnection connection = new PatientConnection(Servers.postgres(), LONG)) {
      connection.inTransaction(transaction -> insert(transaction, 1));
      Servers.postgresServer().stop();
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> {
                try {
                  connection.inTransaction(transaction -> insert(transaction, 2));
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      await()
          .during(Duration.ofMillis(700))
          .atMost(Duration.ofSeconds(20))
          .until(() -> !writing.isDone());

      Servers.postgresServer().start();

      writing.get(1, TimeUnit.MINUTES);
    }
    assertThat(lines(), contains("1", "2"));
  }

  /** Whether a transaction was committed is not known when the connection breaks at its end. */
  @Test
  void nothingIsLostAndNothingIsThereTwiceThoughConnectionsBreak() throws Exception {
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < 6_000; i++) {
      results.add(Outputs.result("u" + i, i % 3, 1 + i % 2, false));
    }
    Pipeline pipeline = Pipeline.create();
    Pipeline.applyTransform(
        "Write",
        Outputs.of(
            pipeline,
            results,
            List.of(),
            List.of(),
            Map.of(),
            Map.of(0, new WindowCounts(1, 0), 1, new WindowCounts(1, 0))),
        WriteToStore.of(
            Servers.postgres(),
            ReadingsFlow.plan(),
            new RunTarget("stream", 1, 1, false, "logic", LONG),
            Optional.empty()));
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(() -> pipeline.run().waitUntilFinish());

    int broken = 0;
    while (!writing.isDone() && broken < 10) {
      broken +=
          Sql.query(
                  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
                      + " 'crossfade'")
              .size();
    }
    writing.get(1, TimeUnit.MINUTES);

    assertThat("connections were broken, or this shows nothing", broken, is(greaterThan(5)));
    assertThat(
        Sql.query("SELECT count(*), sum(folded) FROM crossfade.readings"), contains("6000|9000"));
    assertThat(Sql.query("SELECT count(*) FROM crossfade.closed_windows"), contains("3"));
    assertThat(Sql.query("SELECT count(*) FROM crossfade.window_ledger"), contains("2"));
  }

  /** Has the database refuse the first insertions with a state. */
  private static void refuse(String state, int times) throws SQLException {
    Sql.execute(
        "CREATE FUNCTION crossfade.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " IF nextval('crossfade.attempts') <= "
            + times
            + " THEN RAISE 'refused with "
            + state
            + "' USING ERRCODE = '"
            + state
            + "'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON crossfade.lines FOR EACH ROW EXECUTE FUNCTION"
            + " crossfade.refuse()");
  }

  private static void write(Database database, Duration patience, int line) throws SQLException {
    try (PatientConnection connection = new PatientConnection(database, patience)) {
      connection.inTransaction(transaction -> insert(transaction, line));
    }
  }

  private static void insert(java.sql.Connection transaction, int... lines) throws SQLException {
    try (PreparedStatement row =
        transaction.prepareStatement("INSERT INTO crossfade.lines VALUES (?)")) {
      for (int line : lines) {
        row.setInt(1, line);
        row.addBatch();
      }
      row.executeBatch();
    }
  }

  private static List<String> lines() throws SQLException {
    return Sql.query("SELECT line FROM crossfade.lines ORDER BY line");
  }

  private static long attempts() throws SQLException {
    return Long.parseLong(Sql.query("SELECT last_value FROM crossfade.attempts").get(0));
  }
}
