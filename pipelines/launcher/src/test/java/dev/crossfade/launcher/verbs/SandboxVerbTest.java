package dev.crossfade.launcher.verbs;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import dev.crossfade.launcher.Main;
import dev.crossfade.launcher.testing.Call;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sandbox as a process that scripts start and stop, and whose servers may die. */
class SandboxVerbTest {
  @TempDir Path temporary;
  private Path directory;
  private Path output;
  private Process sandbox;

  @BeforeEach
  void open() throws IOException {
    // As somebody may well call it, and longer than the path of a Unix socket may be.
    directory = temporary.resolve("a sandbox's place " + "x".repeat(100));
    output = temporary.resolve("sandbox.log");
    sandbox =
        new ProcessBuilder(
                // Deaf to Ctrl-C, as what a script starts in its background is.
                "sh",
                "-c",
                "trap '' INT; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "sandbox",
                "--directory=" + directory)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    await()
        .atMost(Duration.ofMinutes(2))
        .failFast(() -> assertThat(said(), sandbox.isAlive(), is(true)))
        .until(() -> said().contains("From a script"));
  }

  @AfterEach
  void end() throws Exception {
    sandbox.destroyForcibly().waitFor();
  }

  @Test
  void aDatabaseThatDiesIsNoticedAndEndsTheSandbox() throws Exception {
    assertThat(said(), containsString("kill " + sandbox.pid()));
    assertThat(
        "the quote in the name does not end it for a shell",
        said(),
        containsString("/a sandbox'\\''s place "));
    ProcessHandle postmaster = ProcessHandle.of(postmaster()).orElseThrow();

    long killed = System.nanoTime();
    postmaster.destroyForcibly();

    assertThat(sandbox.waitFor(30, TimeUnit.SECONDS), is(true));
    assertThat(said(), sandbox.exitValue(), is(3));
    assertThat(
        said(),
        allOf(
            containsString("crossfade: PostgreSQL does not run any more: its process "),
            containsString(Long.toString(postmaster.pid())),
            containsString("server.log"),
            not(containsString("\tat "))));
    assertThat(Files.exists(directory.resolve("sandbox.env")), is(false));
    assertThat(Duration.ofNanos(System.nanoTime() - killed), is(lessThan(Duration.ofSeconds(15))));
  }

  @Test
  void stopEndsItFromAScriptAndHasNothingToDoASecondTime() throws Exception {
    ProcessHandle postmaster = ProcessHandle.of(postmaster()).orElseThrow();

    Call stop = Call.of(Map.of(), "sandbox", "--stop", "--directory=" + directory);

    assertThat(stop.err(), stop.exitCode(), is(0));
    assertThat(stop.out(), containsString("process " + sandbox.pid() + " held it open"));
    assertThat(postmaster.isAlive(), is(false));
    assertThat(Files.exists(directory.resolve("sandbox.env")), is(false));
    assertThat(sandbox.waitFor(30, TimeUnit.SECONDS), is(true));
    assertThat("SIGTERM", sandbox.exitValue(), is(143));

    Call again = Call.of(Map.of(), "sandbox", "--stop", "--directory=" + directory);
    assertThat(again.exitCode(), is(0));
    assertThat(again.out(), containsString("no process holds a sandbox"));
  }

  private long postmaster() throws IOException {
    List<String> lines = Files.readAllLines(directory.resolve("postgres/data/postmaster.pid"));
    return Long.parseLong(lines.get(0));
  }

  private String said() throws IOException {
    File file = output.toFile();
    return file.exists() ? Files.readString(output, StandardCharsets.UTF_8) : "";
  }
}
