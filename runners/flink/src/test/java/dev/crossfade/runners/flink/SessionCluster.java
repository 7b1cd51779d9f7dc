package dev.crossfade.runners.flink;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/**
 * A Flink session cluster on this machine: a job manager and a task manager, each a process that
 * knows Flink and nothing of Crossfade. What a job needs comes with its jar.
 */
final class SessionCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The parts of the class path of a test that no cluster has. */
  private static final Predicate<String> OF_THE_JOB =
      path ->
          path.contains("crossfade")
              || path.contains("/org/apache/beam/")
              || path.contains("/org/apache/kafka/")
              || path.contains("/org/postgresql/")
              || path.endsWith("classes");

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Process> processes = new ArrayList<>();
  private final int restPort;
  private final Path credentials;

  private SessionCluster(int restPort, Path credentials) {
    this.restPort = restPort;
    this.credentials = credentials;
  }

  /**
   * Starts one with these many slots, and waits until a job can be submitted.
   *
   * @param credentials the file of credentials that all of its processes read
   */
  static SessionCluster start(Path directory, int slots, Path credentials) throws IOException {
    int rest;
    int rpc;
    try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      rest = first.getLocalPort();
      rpc = second.getLocalPort();
    }
    Files.writeString(
        directory.resolve("config.yaml"),
        """
        jobmanager.rpc.address: localhost
        jobmanager.rpc.port: %d
        jobmanager.bind-host: localhost
        rest.address: localhost
        rest.bind-address: localhost
        rest.port: %d
        io.tmp.dirs: %s
        jobmanager.memory.heap.size: 512m
        taskmanager.host: localhost
        taskmanager.bind-host: localhost
        taskmanager.numberOfTaskSlots: %d
        taskmanager.cpu.cores: 2
        taskmanager.memory.framework.heap.size: 128m
        taskmanager.memory.framework.off-heap.size: 128m
        taskmanager.memory.task.heap.size: 768m
        taskmanager.memory.task.off-heap.size: 64m
        taskmanager.memory.managed.size: 128m
        taskmanager.memory.network.min: 256m
        taskmanager.memory.network.max: 256m
        taskmanager.memory.jvm-metaspace.size: 512m
        taskmanager.memory.jvm-overhead.min: 192m
        taskmanager.memory.jvm-overhead.max: 192m
        """
            .formatted(rpc, rest, directory, slots));
    SessionCluster cluster = new SessionCluster(rest, credentials);
    try {
      cluster.run(StandaloneSessionClusterEntrypoint.class, "512m", directory);
      cluster.run(TaskManagerRunner.class, "900m", directory);
      await("task manager")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          .failFast(() -> !cluster.processes.stream().allMatch(Process::isAlive))
          .until(() -> cluster.freeSlots() == slots);
      return cluster;
    } catch (RuntimeException | IOException e) {
      cluster.close();
      throw e;
    }
  }

  /** What {@code --flinkMaster} is. */
  String address() {
    return "localhost:" + restPort;
  }

  /** The states of the jobs that were submitted. */
  List<String> jobs() throws IOException {
    List<String> states = new ArrayList<>();
    get("/jobs/overview").get("jobs").forEach(job -> states.add(job.get("state").asText()));
    return states;
  }

  @Override
  public void close() {
    processes.forEach(Process::destroy);
    for (Process process : processes) {
      try {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run(Class<?> entryPoint, String heap, Path directory) throws IOException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(OF_THE_JOB.negate())
            .collect(Collectors.joining(File.pathSeparator));
    ProcessBuilder process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + heap,
            "-XX:+UseSerialGC",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-cp",
            classPath,
            entryPoint.getName(),
            "--configDir",
            directory.toString());
    process.environment().put("CROSSFADE_CREDENTIALS", credentials.toString());
    process.redirectErrorStream(true);
    process.redirectOutput(directory.resolve(entryPoint.getSimpleName() + ".log").toFile());
    processes.add(process.start());
  }

  /** None while the job manager does not listen yet. */
  private int freeSlots() throws IOException {
    try {
      return get("/overview").get("slots-available").asInt();
    } catch (ConnectException e) {
      return 0;
    }
  }

  private JsonNode get(String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address() + path))
            .timeout(Duration.ofSeconds(10))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        // So it answers for a moment while it starts.
        throw new ConnectException(path + ": " + response.statusCode());
      }
      return JSON.readTree(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
