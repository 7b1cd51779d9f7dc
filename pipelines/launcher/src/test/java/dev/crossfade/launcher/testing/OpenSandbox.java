package dev.crossfade.launcher.testing;

import dev.crossfade.sandbox.Sandbox;
import dev.crossfade.sandbox.SandboxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** One sandbox for all tests of this JVM; it closes itself when the JVM ends. */
public final class OpenSandbox {
  private static Path directory;
  private static Sandbox sandbox;

  private OpenSandbox() {}

  /** Where the sandbox lives. */
  public static synchronized Path directory() {
    open();
    return directory;
  }

  /** The sandbox's variables. */
  public static synchronized Map<String, String> environment() {
    return open().environment();
  }

  /** The variables of the sandbox, with an empty database of its own instead of the usual one. */
  public static Map<String, String> emptyDatabase(String name) throws SQLException {
    try (Connection connection = connect(environment())) {
      execute(connection, "CREATE DATABASE " + name);
    }
    return withDatabase(environment(), name);
  }

  /** Variables with another database of the same server. */
  public static Map<String, String> withDatabase(Map<String, String> environment, String name) {
    Map<String, String> variables = new HashMap<>(environment);
    variables.computeIfPresent(
        "CROSSFADE_DB_URL", (variable, url) -> url.replaceFirst("/[^/]*$", "/" + name));
    return variables;
  }

  /** All that a client of the sandbox's Kafka needs. */
  public static synchronized Properties kafkaClient() {
    Properties client = new Properties();
    client.putAll(open().kafkaProperties());
    return client;
  }

  /** Connects to the database that variables name. */
  public static Connection connect(Map<String, String> environment) throws SQLException {
    return DriverManager.getConnection(
        environment.get("CROSSFADE_DB_URL"),
        environment.get("CROSSFADE_DB_USER"),
        environment.get("CROSSFADE_DB_PASSWORD"));
  }

  /** Executes a statement and tells how many rows it changed. */
  public static int execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  /** The number that a query gives. */
  public static long number(Map<String, String> environment, String sql) throws SQLException {
    try (Connection connection = connect(environment);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Whether the store has a flow's table of results. */
  public static boolean isPrepared(Map<String, String> environment, String flow)
      throws SQLException {
    return number(environment, "SELECT count(to_regclass('crossfade." + flow + "'))") > 0;
  }

  // Not a static initializer: the sandbox reports from a thread of its own, which would wait for
  // it.
  private static synchronized Sandbox open() {
    if (sandbox == null) {
      try {
        directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "sandbox");
        sandbox = Sandbox.open(directory, progress -> {});
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (SandboxException e) {
        throw new IllegalStateException(e);
      }
    }
    return sandbox;
  }
}
