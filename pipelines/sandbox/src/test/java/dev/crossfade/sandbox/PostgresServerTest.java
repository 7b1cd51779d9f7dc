package dev.crossfade.sandbox;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {
  @TempDir static Path temporary;
  private static Path directory;
  private static PostgresServer server;

  @BeforeAll
  static void open() throws SandboxException {
    directory = temporary.resolve("a directory's");
    server = PostgresServer.open(directory, line -> {});
  }

  @AfterAll
  static void close() throws SandboxException {
    server.close();
  }

  @Test
  void whatIsCommittedIsOnTheDisk() throws SQLException {
    assertThat(query("SHOW fsync"), contains("on"));
    assertThat(query("SHOW synchronous_commit"), contains("on"));
    assertThat(query("SHOW full_page_writes"), contains("on"));
  }

  @Test
  void theServerThinksInUtc() throws Exception {
    assertThat(query("SHOW log_timezone"), contains("UTC"));
    // The driver overrides the zone in its own sessions, so no query of ours shows the server's.
    assertThat(
        Files.readString(directory.resolve("data/postmaster.opts")),
        containsString("\"timezone=UTC\""));
  }

  @Test
  void aWrongPasswordIsRefusedAndNoWayInIsOpen() throws Exception {
    for (String wrong : List.of("wrong", "")) {
      SQLException refused =
          assertThrows(
              SQLException.class,
              () -> PostgresRows.query(server.jdbcUrl(), server.user(), wrong, "SELECT 1"));
      assertThat(refused.getMessage(), containsString("password"));
    }
    List<String> ways = query("SELECT auth_method FROM pg_hba_file_rules");
    assertThat(ways, not(empty()));
    assertThat(ways, everyItem(is("scram-sha-256")));
    assertThat(
        PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("password"))),
        is("rw-------"));
  }

  @Test
  void aKilledServerComesBackWhereItWasWithEveryCommittedRow() throws Exception {
    execute("CREATE TABLE killed (v text)", "INSERT INTO killed VALUES ('committed')");
    String url = server.jdbcUrl();
    ProcessHandle process = ProcessHandle.of(server.pid().orElseThrow()).orElseThrow();
    process.destroyForcibly();
    await().until(() -> server.pid().isEmpty());

    server.start();
    assertThat(server.jdbcUrl(), is(url));
    assertThat(query("SELECT v FROM killed"), contains("committed"));
  }

  @Test
  void rowsAndPasswordAreThereAfterReopeningAndAStrangerIsLeftAlone() throws Exception {
    execute("CREATE TABLE reopened (v text)", "INSERT INTO reopened VALUES ('committed')");
    String password = server.password();
    Path pidFile = directory.resolve("data/postmaster.pid");
    List<String> lines = Files.readAllLines(pidFile);
    long pid = server.pid().orElseThrow();
    server.close();
    server.close();
    assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false), is(false));

    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      lines.set(0, Long.toString(stranger.pid()));
      Files.write(pidFile, lines);
      server = PostgresServer.open(directory, line -> {});
      assertThat(stranger.isAlive(), is(true));
    } finally {
      stranger.destroyForcibly().waitFor();
    }
    assertThat(server.password(), is(password));
    assertThat(query("SELECT v FROM reopened"), contains("committed"));
  }

  private static List<String> query(String sql) throws SQLException {
    return PostgresRows.query(server.jdbcUrl(), server.user(), server.password(), sql);
  }

  private static void execute(String... statements) throws SQLException {
    PostgresRows.execute(server.jdbcUrl(), server.user(), server.password(), statements);
  }
}
