package dev.crossfade.runners.bench;

import dev.crossfade.launcher.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Crossfade's stream lane without an end, as {@code run} runs it, in a virtual machine of its own;
 * and what is seen of it from outside.
 */
final class EndlessStream implements AutoCloseable {
  /** The table that it writes. */
  static final String TABLE = "crossfade.bench_orders";

  private static final double MEGABYTE = 1 << 20;

  /** How {@code jcmd} tells of the old generation of the collector that contestants have. */
  private static final Pattern OLD_GENERATION =
      Pattern.compile("ParOldGen +total \\d+K, used (\\d+)K");

  private final Path checkpoints;
  private final Path log;
  private final Process process;

  /**
   * Starts it in an empty store.
   *
   * @param name what its files are called by
   * @param settings as {@code --set} takes them
   */
  EndlessStream(Arena arena, String name, String topic, List<String> settings)
      throws IOException, SQLException {
    this.checkpoints = arena.checkpoints().resolve(name);
    this.log = arena.log(name);
    arena.execute("DROP SCHEMA IF EXISTS crossfade CASCADE");
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("run", "--flow=" + arena.flow(), "--source=stream"));
    arguments.addAll(
        List.of("--runner=FlinkRunner", "--parallelism=2", "--checkpointingInterval=5000"));
    arguments.add("--checkpoints=" + checkpoints);
    arguments.add("--set=sources.stream.topic=" + topic);
    arguments.add("--set=sources.stream.stopAtEnd=false");
    settings.forEach(setting -> arguments.add("--set=" + setting));
    this.process = arena.start(log, Main.class, arguments);
  }

  /**
   * Makes sure that it runs.
   *
   * @throws IllegalStateException if it has ended
   */
  void requireAlive() throws IOException {
    if (!process.isAlive()) {
      throw new IllegalStateException(
          "the stream ended with " + process.exitValue() + ":\n" + Arena.tail(log));
    }
  }

  /** How many records of the topic its ledger says were read, of a topic that it read from 0 on. */
  static long recordsRead(Connection connection) throws SQLException {
    return number(
        connection,
        "crossfade.origin_ledger",
        "SELECT coalesce(sum(next_position), 0) FROM crossfade.origin_ledger");
  }

  /**
   * Makes sure that it took nothing for late or dead.
   *
   * @throws IllegalStateException if it did
   */
  static void requireNothingLateOrDead(Connection connection) throws SQLException {
    for (String table : List.of("crossfade.late_records", "crossfade.dead_letters")) {
      long count = number(connection, table, "SELECT count(*) FROM " + table);
      if (count != 0) {
        throw new IllegalStateException(table + " holds " + count);
      }
    }
  }

  /** How many windows it has closed. */
  static long windowsClosed(Connection connection) throws SQLException {
    return number(
        connection, "crossfade.closed_windows", "SELECT count(*) FROM crossfade.closed_windows");
  }

  /** The one number of a query; 0 while the stream has not made its tables. */
  private static long number(Connection connection, String table, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row =
          statement.executeQuery("SELECT to_regclass('" + table + "') IS NOT NULL")) {
        row.next();
        if (!row.getBoolean(1)) {
          return 0;
        }
      }
      try (ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** The size of the newest checkpoint that is complete; empty if there is none at the moment. */
  OptionalDouble checkpointMegabytes() throws IOException {
    if (!Files.isDirectory(checkpoints)) {
      return OptionalDouble.empty();
    }
    try (Stream<Path> found =
        Files.find(checkpoints, 5, (path, is) -> path.endsWith("_metadata"))) {
      Optional<Path> newest =
          found.map(Path::getParent).max(Comparator.comparingInt(EndlessStream::numberOf));
      return newest.isEmpty()
          ? OptionalDouble.empty()
          : OptionalDouble.of(bytesIn(newest.get()) / MEGABYTE);
    } catch (IOException | UncheckedIOException e) {
      // Flink has put a newer one in its place meanwhile.
      return OptionalDouble.empty();
    }
  }

  /** Of a directory such as {@code chk-12}. */
  private static int numberOf(Path checkpoint) {
    return Integer.parseInt(checkpoint.getFileName().toString().replaceAll("[^0-9]", ""));
  }

  private static long bytesIn(Path directory) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  /** What is alive on its heap, after a collection of all of it, which holds it up for a moment. */
  double liveMegabytes() throws IOException, InterruptedException {
    jcmd("GC.run");
    Matcher old = OLD_GENERATION.matcher(jcmd("GC.heap_info"));
    if (!old.find()) {
      throw new IllegalStateException("jcmd does not tell of the old generation");
    }
    return Long.parseLong(old.group(1)) * 1024 / MEGABYTE;
  }

  /** The memory that it holds of the system's. */
  double residentMegabytes() {
    return Arena.megabytes(process.pid(), "VmRSS");
  }

  /** What it took so far, its table having become complete after some seconds. */
  Measured measured(double wallSeconds) {
    return new Measured(
        wallSeconds,
        process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3,
        Arena.megabytes(process.pid(), "VmHWM"),
        Measured.Outcome.EQUAL);
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    Process asked =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process.pid()),
                command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (asked.waitFor() != 0) {
      requireAlive();
      throw new IllegalStateException("jcmd " + command + " failed: " + said);
    }
    return said;
  }

  @Override
  public void close() {
    // It has no end, and what it leaves is not used again.
    process.destroyForcibly().onExit().join();
  }
}
