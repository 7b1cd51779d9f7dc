package dev.crossfade.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.crossfade.sandbox.PostgresBinaries.Outcome;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server on a loopback port, with its data in a directory. What it acknowledged is on
 * the disk; who does not know the password is refused. It is a process of its own: it is stopped
 * when this JVM ends, and one that a killed JVM left behind is stopped before the same data are
 * opened again.
 */
public final class PostgresServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);

  private static final String DATABASE = "crossfade";
  private static final String USER = "crossfade";

  /**
   * Given on the command line, so that no setting in a file goes before them. The first two are the
   * difference between a committed row and a row that a crash takes back. The JDBC driver sets its
   * JVM's time zone in each of its sessions, so the server's holds for all others.
   */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "fsync", "on",
          "synchronous_commit", "on",
          "full_page_writes", "on",
          "listen_addresses", Loopback.ADDRESS,
          "unix_socket_directories", "",
          "password_encryption", "scram-sha-256",
          "timezone", "UTC",
          "log_timezone", "UTC");

  private static final int OPEN_ATTEMPTS = 3;
  private static final Duration START_LIMIT = Duration.ofMinutes(5);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final Duration EXIT_LIMIT = Duration.ofSeconds(10);
  private static final Duration EXIT_PAUSE = Duration.ofMillis(20);

  private final PostgresBinaries binaries;
  private final Path data;
  private final Path log;
  private final String password;
  private int port;
  private ShutdownHook hook;

  /** The server's process, from its start to the moment at which it is told to stop. */
  private volatile ProcessHandle running;

  private PostgresServer(PostgresBinaries binaries, Path directory, String password) {
    this.binaries = binaries;
    this.data = directory.resolve("data");
    this.log = directory.resolve("server.log");
    this.password = password;
  }

  /**
   * Starts a server whose data live in the directory: created with an empty database when there are
   * none, opened as they are otherwise.
   *
   * @param directory a directory that no other server uses
   * @param progress told what takes long
   */
  public static PostgresServer open(Path directory, Consumer<String> progress)
      throws SandboxException {
    PostgresBinaries binaries = PostgresBinaries.prepare(progress);
    Path home = PrivateFiles.part(directory);
    PostgresServer server = new PostgresServer(binaries, home, passwordOf(home));
    if (!Files.isDirectory(server.data)) {
      server.initialize();
    }
    // Whatever a killed JVM left running has to go first, or it would keep its port and its data.
    server.stop();
    for (int attempt = 1; ; attempt++) {
      server.port = Loopback.freePorts(1).get(0);
      try {
        server.start();
        return server;
      } catch (SandboxException e) {
        if (attempt == OPEN_ATTEMPTS || !server.isWorthAnotherTry()) {
          throw e;
        }
        LOG.debug("PostgreSQL is started once more", e);
      }
    }
  }

  /**
   * Starts the server again where it was: same port, same data. Does nothing if it runs. After the
   * server was killed this is its crash recovery.
   */
  public synchronized void start() throws SandboxException {
    if (postmaster().isPresent()) {
      return;
    }
    if (hook == null) {
      hook = ShutdownHook.register("stopping PostgreSQL", this::stop);
    }
    forgetStranger();
    List<String> options = new ArrayList<>(List.of("-p", Integer.toString(port)));
    SETTINGS.forEach((name, value) -> options.addAll(List.of("-c", name + "=" + value)));
    try {
      startPostmaster(options);
      createDatabase();
      running = postmaster().orElse(null);
    } catch (SandboxException e) {
      try {
        stop();
      } catch (SandboxException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /**
   * Stops the server: as a user would, then as an operator would, then by force. Open connections
   * are ended, uncommitted work is rolled back.
   *
   * @throws SandboxException if the process is there even after that; it is named in the message
   */
  public synchronized void stop() throws SandboxException {
    running = null;
    Optional<ProcessHandle> noted = postmaster();
    if (noted.isPresent()) {
      ProcessHandle process = noted.get();
      String limit = Long.toString(STOP_LIMIT.toSeconds());
      Outcome outcome = control("stop", "-m", "fast", "-w", "-t", limit);
      if (!outcome.succeeded()) {
        LOG.warn("PostgreSQL {} does not stop: {}", process.pid(), outcome.output());
        outcome = control("stop", "-m", "immediate", "-w", "-t", limit);
      }
      if (!outcome.succeeded() || !isGone(process)) {
        LOG.warn("PostgreSQL {} is killed: {}", process.pid(), outcome.output());
        process.destroyForcibly();
        if (!isGone(process)) {
          throw new SandboxException(
              "PostgreSQL (process "
                  + process.pid()
                  + ", data in "
                  + data
                  + ") could not be stopped: "
                  + outcome.output());
        }
      }
    }
    if (hook != null) {
      hook.cancel();
      hook = null;
    }
  }

  /** Stops the server; the data stay. */
  @Override
  public void close() throws SandboxException {
    stop();
  }

  /** Where the database is, without user and password. */
  public String jdbcUrl() {
    return url(DATABASE);
  }

  /** The owner of the database and of the server. */
  public String user() {
    return USER;
  }

  /** Random, made once for the directory. */
  public String password() {
    return password;
  }

  /** The process id of the running server, for tests that kill it. */
  public Optional<Long> pid() {
    return postmaster().map(ProcessHandle::pid);
  }

  /** What has ended the server, unless it was told to stop; empty while it runs. */
  Optional<String> whatFailed() {
    ProcessHandle process = running;
    // A process that has ended and that nobody has asked for has no program any more.
    if (process == null || (process.isAlive() && program(process).isPresent())) {
      return Optional.empty();
    }
    return Optional.of("its process " + process.pid() + " has ended; its log is " + log);
  }

  private String url(String database) {
    return "jdbc:postgresql://" + Loopback.ADDRESS + ":" + port + "/" + database;
  }

  /**
   * The password of the server that lives in a directory, running or not.
   *
   * @throws SandboxException if there are data whose password is gone
   */
  static String passwordOf(Path directory) throws SandboxException {
    Path file = Password.in(directory);
    if (!Files.exists(file) && Files.isDirectory(directory.resolve("data"))) {
      throw new SandboxException(
          "the password of the database in "
              + directory
              + " is missing: put the file "
              + file
              + " back, or delete the directory to begin with an empty database");
    }
    return Password.of(directory);
  }

  /**
   * Makes an empty server aside and moves it into place: a process killed half-way leaves nothing
   * that looks like data. There is no moment without a password, not even before the first start.
   */
  private void initialize() throws SandboxException {
    Path home = data.getParent();
    try {
      try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(home, "new-*")) {
        for (Path path : unfinished) {
          PrivateFiles.deleteTree(path);
        }
      }
      Path aside = Files.createTempDirectory(home, "new-");
      Outcome outcome =
          binaries.run(
              "initdb",
              List.of(
                  "--pgdata=" + aside,
                  "--username=" + USER,
                  "--pwfile=" + Password.in(home),
                  "--auth=scram-sha-256",
                  "--encoding=UTF8",
                  // The same order of strings on every machine.
                  "--locale=C",
                  "--locale-provider=builtin",
                  "--builtin-locale=C.UTF-8",
                  "--no-instructions"));
      if (!outcome.succeeded()) {
        throw new SandboxException(
            "cannot create the database in " + home + hint(outcome.output()) + outcome.output());
      }
      Files.move(aside, data, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new SandboxException("cannot create the database in " + home + ": " + e, e);
    }
  }

  private static String hint(String output) {
    return output.contains("unshare: ") || output.contains("cannot be run as root")
        ? ": PostgreSQL does not run as root; 'unshare -U' would help, but does not work on this"
            + " machine. Start as another user.\n"
        : ":\n";
  }

  private void startPostmaster(List<String> options) throws SandboxException {
    long end = System.nanoTime() + EXIT_LIMIT.toNanos();
    Outcome outcome = startOnce(options);
    // A killed server is not gone at once, and its workers take a moment to see that it is.
    while (!outcome.succeeded()
        && isLeftBehind(lastLines())
        && postmaster().isEmpty()
        && System.nanoTime() < end) {
      outcome = startOnce(options);
    }
    if (!outcome.succeeded()) {
      throw new SandboxException(
          "PostgreSQL does not start on port "
              + port
              + " with the data in "
              + data
              + hint(outcome.output())
              + outcome.output()
              + "\n"
              + lastLines());
    }
  }

  private Outcome startOnce(List<String> options) throws SandboxException {
    try {
      // The log of this start alone, so that a failure shows its own cause.
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new SandboxException("cannot write the log " + log + ": " + e, e);
    }
    return control(
        "start",
        "-w",
        "-t",
        Long.toString(START_LIMIT.toSeconds()),
        "-l",
        log.toString(),
        "-o",
        String.join(" ", options));
  }

  private void createDatabase() throws SandboxException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url("postgres"));
    source.setUser(USER);
    source.setPassword(password);
    source.setConnectTimeout(10);
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      boolean exists;
      try (ResultSet row =
          statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
        exists = row.next();
      }
      if (!exists) {
        statement.execute("CREATE DATABASE " + DATABASE);
      }
    } catch (SQLException e) {
      throw new SandboxException(
          "PostgreSQL runs on port " + port + " but does not let us in: " + e.getMessage(), e);
    }
  }

  private Outcome control(String action, String... arguments) throws SandboxException {
    List<String> all = new ArrayList<>(List.of(action, "-D", data.toString()));
    all.addAll(List.of(arguments));
    return binaries.run("pg_ctl", all);
  }

  /**
   * Whether the failed start met something that passes: a port that another process was quicker to
   * take, or a server that a killed JVM was just starting, which is stopped by now.
   */
  private boolean isWorthAnotherTry() throws SandboxException {
    String lines = lastLines();
    return lines.contains("Address already in use") || isLeftBehind(lines);
  }

  private static boolean isLeftBehind(String lines) {
    return lines.contains("lock file \"postmaster.pid\" already exists")
        || lines.contains("pre-existing shared memory block");
  }

  private String lastLines() throws SandboxException {
    if (!Files.exists(log)) {
      return "";
    }
    try {
      List<String> lines = Files.readAllLines(log, UTF_8);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    } catch (IOException e) {
      throw new SandboxException("cannot read the log " + log + ": " + e, e);
    }
  }

  /**
   * The server that runs on these data, if any: the process that postmaster.pid names, provided
   * that it is a postgres and was started on this directory. The file may be left from a killed
   * server, and the number be somebody else's by now.
   */
  private Optional<ProcessHandle> postmaster() {
    return noted()
        .filter(process -> program(process).equals(Optional.of("postgres")))
        .filter(
            process ->
                process.info().arguments().stream()
                    .flatMap(Stream::of)
                    .anyMatch(data.toString()::equals));
  }

  /**
   * PostgreSQL does not start while the process that postmaster.pid names lives, whatever it is. If
   * it is certainly something else, the file goes. Otherwise the file stays: PostgreSQL finds in it
   * whether workers of a killed server still write.
   */
  private void forgetStranger() throws SandboxException {
    Optional<ProcessHandle> stranger =
        noted().filter(p -> program(p).filter(name -> !name.equals("postgres")).isPresent());
    if (stranger.isPresent()) {
      LOG.info(
          "{} is left from a server long gone, {} is another", pidFile(), stranger.get().pid());
      try {
        Files.delete(pidFile());
      } catch (IOException e) {
        throw new SandboxException("cannot delete the stale " + pidFile() + ": " + e, e);
      }
    }
  }

  private Path pidFile() {
    return data.resolve("postmaster.pid");
  }

  private Optional<ProcessHandle> noted() {
    try {
      if (!Files.exists(pidFile())) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(pidFile(), UTF_8);
      // Written in one step, but created empty before that.
      return lines.isEmpty()
          ? Optional.empty()
          : ProcessHandle.of(Long.parseLong(lines.get(0).strip())).filter(ProcessHandle::isAlive);
    } catch (IOException | NumberFormatException e) {
      LOG.debug("{} went away or is torn: no server is there", pidFile(), e);
      return Optional.empty();
    }
  }

  private static Optional<String> program(ProcessHandle process) {
    return process.info().command().map(path -> Path.of(path).getFileName().toString());
  }

  /**
   * Waits although the thread is interrupted. Java's own way to wait for a process that it did not
   * start looks only every few seconds.
   */
  private static boolean isGone(ProcessHandle process) {
    boolean interrupted = false;
    long end = System.nanoTime() + EXIT_LIMIT.toNanos();
    while (process.isAlive() && System.nanoTime() < end) {
      // An interrupted thread would not pause.
      interrupted |= Thread.interrupted();
      LockSupport.parkNanos(EXIT_PAUSE.toNanos());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !process.isAlive();
  }
}
