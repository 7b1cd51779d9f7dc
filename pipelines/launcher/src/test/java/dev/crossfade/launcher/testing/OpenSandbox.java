package dev.crossfade.launcher.testing;

import dev.crossfade.sandbox.Sandbox;
import dev.crossfade.sandbox.SandboxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

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

  /** Where the sandbox's Kafka is. */
  public static String bootstrapServers() {
    return environment().get("CROSSFADE_KAFKA");
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

  // Not a static initializer: the sandbox reports from a thread of its own, which would wait for
  // it.
  private static synchronized Sandbox open() {
    if (sandbox == null) {
      try {
        directory = Files.createTempDirectory("crossfade-test");
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
