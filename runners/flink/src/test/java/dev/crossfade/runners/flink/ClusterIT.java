package dev.crossfade.runners.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.crossfade.launcher.testing.MovingFlights;
import dev.crossfade.launcher.testing.OpenSandbox;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shaded jar, submitted to a session cluster, which knows nothing of Crossfade. One job after
 * the other: what a job leaves in the task manager must not hinder the next.
 */
class ClusterIT {
  private static final Path JAR = Path.of("target", "crossfade-flink.jar");

  @TempDir private static Path scratch;

  @Test
  void theLanesThatRunOnAClusterAgree() throws Exception {
    Path directory = Files.createDirectory(scratch.resolve("cluster"));
    try (SessionCluster cluster = SessionCluster.start(directory, 2, credentials())) {
      JsonNode summary = rehearse(cluster);

      assertThat(summary.get("equal").asBoolean(), is(true));
      JsonNode flow = summary.get("flows").get(0);
      assertThat(flow.get("runner").asText(), is("FlinkRunner"));
      assertThat(flow.get("read").asInt(), greaterThan(0));
      // The batch lane and the stream lane; embedded, they would not be there.
      assertThat(cluster.jobs(), is(List.of("FINISHED", "FINISHED")));
    }
  }

  @Test
  @Tag("long")
  void aTableThatIsWrittenToIsReadAtOneInstantByTheWorkersOfACluster() throws Exception {
    Path directory = Files.createDirectory(scratch.resolve("cluster-of-table"));
    try (SessionCluster cluster = SessionCluster.start(directory, 2, credentials())) {
      try (MovingFlights flights = MovingFlights.in(scratch, "on_cluster")) {
        run(
            flights.environment(),
            "run",
            "--source=batch",
            "--flow=" + flights.settings(),
            "--runner=FlinkRunner",
            "--parallelism=2",
            "--flinkMaster=" + cluster.address());
        assertThat(flights.lane(), is(MovingFlights.WHOLE));
        assertThat("somebody wrote meanwhile", flights.transactions(), greaterThan(10L));
      }
      assertThat(cluster.jobs(), is(List.of("FINISHED")));
    }
  }

  /** What workers are given beside the jar, which brings none. */
  private static Path credentials() throws IOException {
    Path file = scratch.resolve("credentials.properties");
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Properties all = new Properties();
    String password = OpenSandbox.environment().get("CROSSFADE_DB_PASSWORD");
    all.setProperty("store.password", password);
    all.setProperty("sources.batch.password", password);
    all.setProperty(
        "sources.stream.properties.sasl.jaas.config",
        OpenSandbox.kafkaClient().get("sasl.jaas.config").toString());
    try (Writer writer = Files.newBufferedWriter(file)) {
      all.store(writer, null);
    }
    return file;
  }

  private static JsonNode rehearse(SessionCluster cluster)
      throws IOException, InterruptedException {
    return run(
        Map.of(),
        "rehearse",
        "--flow=../../pipelines/flows/flights.yaml",
        "--data=../../testdata",
        "--sandbox=" + OpenSandbox.directory(),
        "--report=" + scratch.resolve("report.html"),
        "--publish-seconds=2",
        "--hours=6",
        "--runner=FlinkRunner",
        "--parallelism=2",
        "--flinkMaster=" + cluster.address());
  }

  /** As a person would: the jar, in a process of its own. */
  private static JsonNode run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path out = scratch.resolve("out.json");
    Path err = scratch.resolve("err.txt");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-jar",
                JAR.toString()));
    command.addAll(List.of(arguments));
    command.add("--json");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      int exitCode = process.waitFor();
      assertThat(Files.readString(err), exitCode, is(0));
    } finally {
      process.destroy();
    }
    return new ObjectMapper().readTree(out.toFile());
  }
}
