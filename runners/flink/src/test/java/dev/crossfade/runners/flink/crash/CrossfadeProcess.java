package dev.crossfade.runners.flink.crash;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.crossfade.launcher.Main;
import dev.crossfade.launcher.testing.Call;
import dev.crossfade.transforms.Flow;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The command line in a process of its own. */
final class CrossfadeProcess implements AutoCloseable {
  private final Process process;
  private final String call;
  private final Path out;
  private final Path err;

  private CrossfadeProcess(Process process, String call, Path out, Path err) {
    this.process = process;
    this.call = call;
    this.out = out;
    this.err = err;
  }

  /** Where and with which version of the flow the command line is called. */
  static final class Installation {
    private final Path directory;
    private final Path services;
    private final Map<String, String> environment;
    private int started;

    /**
     * An installation.
     *
     * @param directory where its processes write what they say
     * @param flow the version of the flow that is on the class path
     */
    Installation(Path directory, Class<? extends Flow<?>> flow, Map<String, String> environment)
        throws IOException {
      this.directory = Files.createDirectories(directory);
      this.services = directory.resolve("flow");
      this.environment = environment;
      Path file = services.resolve("META-INF/services").resolve(Flow.class.getName());
      Files.createDirectories(file.getParent());
      Files.writeString(file, flow.getName() + "\n");
    }

    /** Starts a call in a process that can be killed. */
    CrossfadeProcess start(String... call) throws IOException {
      List<String> arguments = List.of(withFlow(call));
      String name = String.format("%03d-%s", ++started, call[0]);
      Path out = directory.resolve(name + ".out");
      Path err = directory.resolve(name + ".err");
      Process process =
          Java.process(
                  List.of("-Xmx1g", "-Djava.io.tmpdir=" + Files.createDirectories(temporary())),
                  List.of(services),
                  Main.class.getName(),
                  arguments,
                  environment)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      return new CrossfadeProcess(process, String.join(" ", arguments), out, err);
    }

    /** What is where its processes keep temporary files, once one more has begun and ended. */
    List<Path> leftAfterOneMore() throws IOException, InterruptedException {
      try (CrossfadeProcess one = start("status")) {
        assertThat(one.toString(), one.exitCode(Duration.ofSeconds(60)), is(0));
      }
      try (Stream<Path> left = Files.list(temporary())) {
        return left.toList();
      }
    }

    private Path temporary() {
      return directory.resolve("tmp");
    }

    /** Makes a call in this JVM, which spares the start of another one. */
    Call call(String... call) throws IOException {
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      try (URLClassLoader withFlow =
          new URLClassLoader(new URL[] {services.toUri().toURL()}, before)) {
        thread.setContextClassLoader(withFlow);
        return Call.of(environment, withFlow(call));
      } finally {
        thread.setContextClassLoader(before);
      }
    }

    private static String[] withFlow(String... call) {
      return Call.arguments(call, "--flow=src/test/resources/orders.yaml");
    }
  }

  /** Whether it goes on with an earlier run. */
  boolean isResumption() {
    return call.contains("--resume");
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end. */
  int exitCode(Duration patience) throws InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
      throw new AssertionError("it has not ended within " + patience + ": " + this);
    }
    return process.exitValue();
  }

  /** Stops it where it is, as the machine that it runs on might; it says no goodbye. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets it go on as if nothing had been. */
  void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    int exit =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
            .inheritIO()
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("cannot send " + name + " to " + this);
    }
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  String out() throws IOException {
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  String err() throws IOException {
    return Files.readString(err, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    kill();
  }

  @Override
  public String toString() {
    String how = process.isAlive() ? "alive" : "exit code " + process.exitValue();
    try {
      String said = err();
      return call + ", " + how + "\n" + out() + said.substring(Math.max(0, said.length() - 6_000));
    } catch (IOException e) {
      return call + ", " + how + "; " + e;
    }
  }
}
