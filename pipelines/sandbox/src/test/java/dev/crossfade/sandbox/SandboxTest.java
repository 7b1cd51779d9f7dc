package dev.crossfade.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxTest {
  @TempDir Path temporary;
  private Process holder;

  @AfterEach
  void endTheHolder() throws InterruptedException {
    if (holder != null) {
      holder.destroyForcibly().waitFor();
    }
  }

  @Test
  void anOpenSandboxTellsHowToConnectAndAClosedOneDoesNot() throws Exception {
    Path directory = temporary.resolve("sandbox");
    List<String> progress = new ArrayList<>();
    assertThat(Sandbox.environmentOf(directory), is(Optional.empty()));
    Sandbox sandbox = Sandbox.open(directory, progress::add);
    try {
      assertThat(
          sandbox.environment(),
          is(
              Map.of(
                  "CROSSFADE_KAFKA", sandbox.bootstrapServers(),
                  "CROSSFADE_KAFKA_PROPERTIES", file(directory, "kafka/client.properties"),
                  "CROSSFADE_DB_URL", sandbox.jdbcUrl(),
                  "CROSSFADE_DB_USER", sandbox.user(),
                  "CROSSFADE_DB_PASSWORD", sandbox.password())));
      assertThat(Sandbox.environmentOf(directory), is(Optional.of(sandbox.environment())));
      Path file = directory.resolve("sandbox.env");
      assertThat(
          PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), is("rw-------"));
      assertThat(
          "as a shell reads it",
          shell(". '" + file + "' && printf %s \"$CROSSFADE_DB_PASSWORD\""),
          is(sandbox.password()));
      assertThat(progress, hasItem(startsWith("starting PostgreSQL 17.5")));
      assertThat(progress, hasItem(startsWith("starting Kafka 3.9.1")));

      SandboxException second =
          assertThrows(SandboxException.class, () -> Sandbox.open(directory, line -> {}));
      assertThat(
          second.getMessage(), containsString("process " + ProcessHandle.current().pid() + "."));
      assertThat(Sandbox.environmentOf(directory), is(Optional.of(sandbox.environment())));
    } finally {
      sandbox.close();
    }
    sandbox.close();
    assertThat(Files.exists(directory.resolve("sandbox.env")), is(false));
    assertThat(Sandbox.environmentOf(directory), is(Optional.empty()));
  }

  @Test
  void aKilledProcessLosesNothingAndLeavesNothingThatStays() throws Exception {
    Path directory = temporary.resolve("sandbox");
    hold(directory);
    long pid = postmaster(directory);

    SandboxException second =
        assertThrows(SandboxException.class, () -> Sandbox.open(directory, line -> {}));
    assertThat(second.getMessage(), containsString("process " + holder.pid() + "."));
    assertThat(second.getMessage(), containsString("sandbox.env"));
    Map<String, String> environment = Sandbox.environmentOf(directory).orElseThrow();
    assertThat(
        KafkaRecords.read(
            KafkaRecords.properties(Path.of(environment.get("CROSSFADE_KAFKA_PROPERTIES"))),
            "kept"),
        contains("acknowledged"));
    assertThat(
        PostgresRows.query(
            environment.get("CROSSFADE_DB_URL"),
            environment.get("CROSSFADE_DB_USER"),
            environment.get("CROSSFADE_DB_PASSWORD"),
            "SELECT v FROM kept"),
        contains("committed"));
    if (Files.exists(Listeners.TABLES)) {
      assertThat(Listeners.of(pid), is(List.of("0100007F")));
      List<String> kafka = Listeners.of(holder.pid());
      assertThat("broker and controller", kafka.size(), greaterThanOrEqualTo(2));
      assertThat(kafka, everyItem(anyOf(is("0100007F"), is("0000000000000000FFFF00000100007F"))));
    }

    holder.destroyForcibly().waitFor();
    assertThat("a kill leaves the server, or this shows nothing", isAlive(pid), is(true));
    assertThat(Files.exists(directory.resolve("sandbox.env")), is(true));
    assertThat(Sandbox.environmentOf(directory), is(Optional.empty()));

    try (Sandbox sandbox = Sandbox.open(directory, line -> {})) {
      assertThat(isAlive(pid), is(false));
      assertThat(
          PostgresRows.query(
              sandbox.jdbcUrl(), sandbox.user(), sandbox.password(), "SELECT v FROM kept"),
          contains("committed"));
      assertThat(KafkaRecords.read(sandbox.kafkaProperties(), "kept"), contains("acknowledged"));
    }
  }

  @Test
  void anInterruptedProcessStopsAllItStarted() throws Exception {
    Path directory = temporary.resolve("sandbox");
    hold(directory);
    long pid = postmaster(directory);

    // A test run in the background of a shell starts its children deaf to Ctrl-C.
    String signal = ignoresInterrupt(holder.pid()) ? "-TERM" : "-INT";
    shell("kill " + signal + " " + holder.pid());
    assertThat(holder.waitFor(30, TimeUnit.SECONDS), is(true));
    assertThat(isAlive(pid), is(false));
    assertThat(Files.exists(directory.resolve("sandbox.env")), is(false));
    assertThat(Files.exists(directory.resolve("postgres/data/postmaster.pid")), is(false));
  }

  @Test
  void aDirectoryThatCannotBeIsNamed() throws Exception {
    Path file = Files.writeString(temporary.resolve("file"), "");
    for (Path wrong : List.of(file, file.resolve("below"))) {
      SandboxException refused =
          assertThrows(SandboxException.class, () -> Sandbox.open(wrong, line -> {}));
      assertThat(refused.getMessage(), containsString(wrong.toString()));
    }
  }

  @Test
  void aPartThatDoesNotStartLeavesNothingRunning() throws Exception {
    Path directory = Files.createDirectories(temporary.resolve("sandbox"));
    Files.writeString(directory.resolve("kafka"), "not a directory");
    SandboxException refused =
        assertThrows(SandboxException.class, () -> Sandbox.open(directory, line -> {}));
    assertThat(refused.getMessage(), containsString("kafka"));
    assertThat(Files.exists(directory.resolve("postgres/data/PG_VERSION")), is(true));
    assertThat(Files.exists(directory.resolve("postgres/data/postmaster.pid")), is(false));

    Optional<DirectoryLock> free = DirectoryLock.take(directory.toRealPath());
    assertThat("the directory is free again", free.isPresent(), is(true));
    free.get().close();
  }

  private static String file(Path directory, String name) throws IOException {
    return directory.toRealPath().resolve(name).toString();
  }

  private void hold(Path directory) throws IOException {
    Path ready = temporary.resolve("ready");
    File output = temporary.resolve("holder.log").toFile();
    holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                // It lives for seconds: what matters is that it is there soon.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SandboxHolder.class.getName(),
                directory.toString(),
                ready.toString())
            .redirectErrorStream(true)
            .redirectOutput(output)
            .start();
    await()
        .atMost(Duration.ofSeconds(60))
        .failFast("the holder ended", () -> !holder.isAlive())
        .until(() -> Files.exists(ready));
  }

  private static long postmaster(Path directory) throws IOException {
    return Long.parseLong(
        Files.readAllLines(directory.resolve("postgres/data/postmaster.pid")).get(0));
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private static boolean ignoresInterrupt(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    if (!Files.exists(status)) {
      return false;
    }
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow();
    long interrupt = 1L << 1;
    return (Long.parseUnsignedLong(ignored.substring(7).strip(), 16) & interrupt) != 0;
  }

  private static String shell(String command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(output, process.waitFor(), is(0));
    return output;
  }
}
