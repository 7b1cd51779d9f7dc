package dev.crossfade.launcher.testing;

import dev.crossfade.sandbox.PostgresServer;
import dev.crossfade.sandbox.SandboxException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/** A PostgreSQL for the tests of one class, which need no Kafka, and a connection to it. */
public final class OpenPostgres implements AutoCloseable {
  private final PostgresServer server;
  private final Connection connection;

  private OpenPostgres(PostgresServer server, Connection connection) {
    this.server = server;
    this.connection = connection;
  }

  /** Starts a PostgreSQL that keeps its data in a directory, and connects to it. */
  public static OpenPostgres in(Path directory) throws SandboxException, SQLException {
    PostgresServer server = PostgresServer.open(directory, line -> {});
    return new OpenPostgres(
        server, DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password()));
  }

  /** The one connection. */
  public Connection connection() {
    return connection;
  }

  /** A sandbox's variables; where its Kafka should be, nobody listens. */
  public Map<String, String> environment() {
    return Map.of(
        "CROSSFADE_DB_URL", server.jdbcUrl(),
        "CROSSFADE_DB_USER", server.user(),
        "CROSSFADE_DB_PASSWORD", server.password(),
        "CROSSFADE_KAFKA", "unused:9092");
  }

  @Override
  public void close() throws SandboxException, SQLException {
    try (server) {
      connection.close();
    }
  }
}
