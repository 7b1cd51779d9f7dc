package dev.crossfade.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A process that opens a sandbox, puts a row and a record there and then waits for its end. */
final class SandboxHolder {
  private SandboxHolder() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    Sandbox sandbox = Sandbox.open(directory, System.out::println);
    PostgresRows.execute(
        sandbox.jdbcUrl(),
        sandbox.user(),
        sandbox.password(),
        "CREATE TABLE kept (v text)",
        "INSERT INTO kept VALUES ('committed')");
    KafkaRecords.createTopic(sandbox.kafkaProperties(), "kept");
    KafkaRecords.produce(sandbox.kafkaProperties(), "kept", List.of("acknowledged"));
    Files.writeString(Path.of(arguments[1]), "ready");
    new CountDownLatch(1).await();
  }
}
