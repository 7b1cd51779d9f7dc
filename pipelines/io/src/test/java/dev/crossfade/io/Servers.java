package dev.crossfade.io;

import dev.crossfade.io.credentials.Credentials;
import dev.crossfade.io.jdbc.Database;
import dev.crossfade.io.kafka.KafkaTopic;
import dev.crossfade.sandbox.KafkaBroker;
import dev.crossfade.sandbox.PostgresServer;
import dev.crossfade.sandbox.SandboxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** One broker and one PostgreSQL for all tests of a JVM, started when the first test asks. */
public final class Servers {
  private static final Credentials CREDENTIALS = Credentials.of("tests");
  private static final AtomicInteger NEXT = new AtomicInteger();

  private Servers() {}

  /** Where the broker is. */
  public static String kafka() {
    return Kafka.BROKER.bootstrapServers();
  }

  /** All that a client of the broker needs. */
  public static Map<String, Object> kafkaClient() {
    return Map.copyOf(Kafka.BROKER.clientProperties());
  }

  /** A topic of the broker, which may be there or not, and which a graph may hold. */
  public static KafkaTopic topic(String name) {
    return topic(name, Map.of());
  }

  /** The same, with more properties of its clients. */
  public static KafkaTopic topic(String name, Map<String, String> properties) {
    Map<String, String> all = new HashMap<>(Kafka.BROKER.security());
    all.putAll(properties);
    return KafkaTopic.of(CREDENTIALS, "topic-" + NEXT.incrementAndGet(), kafka(), name, all);
  }

  /** The database and its owner. */
  public static Database postgres() {
    PostgresServer server = Postgres.SERVER;
    return database(server.jdbcUrl(), server.user(), server.password());
  }

  /** A database that a graph may hold, for as long as this JVM lives. */
  public static Database database(String url, String user, String password) {
    return Database.of(CREDENTIALS, "database-" + NEXT.incrementAndGet(), url, user, password);
  }

  /** The password of the database's owner. */
  public static String password() {
    return Postgres.SERVER.password();
  }

  /** The broker itself, for tests that stop it; they start it again. */
  public static KafkaBroker broker() {
    return Kafka.BROKER;
  }

  /** The database server itself, for tests that stop it; they start it again. */
  public static PostgresServer postgresServer() {
    return Postgres.SERVER;
  }

  private static final class Kafka {
    static final KafkaBroker BROKER = open();

    private static KafkaBroker open() {
      Path directory = directory("kafka");
      try {
        KafkaBroker broker = KafkaBroker.open(directory, line -> {});
        atExit(broker, directory);
        return broker;
      } catch (SandboxException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static final class Postgres {
    static final PostgresServer SERVER = open();

    private static PostgresServer open() {
      Path directory = directory("postgres");
      try {
        PostgresServer server = PostgresServer.open(directory, line -> {});
        atExit(server, directory);
        return server;
      } catch (SandboxException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static Path directory(String name) {
    try {
      return Files.createTempDirectory(Path.of("target").toAbsolutePath(), name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void atExit(AutoCloseable server, Path directory) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    server.close();
                    delete(directory);
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                }));
  }

  private static void delete(Path directory) throws IOException {
    List<Path> children;
    try (Stream<Path> tree = Files.walk(directory)) {
      children = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path child : children) {
      Files.deleteIfExists(child);
    }
  }
}
