package dev.crossfade.runners.direct;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import dev.crossfade.launcher.testing.OpenSandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Most of what a brief verb takes is the loading of classes, so one that runs no pipeline loads
 * nothing that only pipelines need.
 */
class StartUpIT {
  /** Interfaces that stand in the signatures of a verb, and what they extend. */
  private static final Set<String> IN_SIGNATURES =
      Set.of(
          "org.apache.beam.sdk.options.PipelineOptions",
          "org.apache.beam.sdk.transforms.display.HasDisplayData");

  /** What reads the line with which a client of Kafka logs in, which belongs to the settings. */
  private static final Pattern OF_JAAS =
      Pattern.compile("\\.(security\\.Jaas\\w+|KafkaException|types\\.Password)(\\$|$)");

  @TempDir private Path scratch;

  @Test
  void helpLoadsNoEngineAtAll() throws Exception {
    List<String> loaded = classesOf(0, "--help");

    assertThat(loaded, hasItem("dev.crossfade.launcher.verbs.RunVerb"));
    assertThat(of(loaded, StartUpIT::isOfEngine), is(empty()));
  }

  /** The windows of a flow's settings are Beam's, and nothing else of Beam is in them. */
  @Test
  void statusLoadsNoMoreOfBeamThanWindows() throws Exception {
    List<String> loaded = classesOf(0, "status", "--flow=../../pipelines/flows/flights.yaml");

    assertThat(loaded, hasItem("dev.crossfade.migration.Store"));
    assertThat(
        of(loaded, name -> isOfEngine(name) && !name.startsWith("org.apache.beam.sdk.transforms.")),
        is(empty()));
    assertThat("other verbs", of(loaded, name -> name.endsWith(".lanes.RunSummary")), is(empty()));
    assertThat("XML", of(loaded, name -> name.contains(".xerces.")), is(empty()));
  }

  private static boolean isOfEngine(String name) {
    return (name.startsWith("org.apache.beam.") && !IN_SIGNATURES.contains(name))
        || name.startsWith("org.apache.flink.")
        || (name.startsWith("org.apache.kafka.") && !OF_JAAS.matcher(name).find());
  }

  private static List<String> of(List<String> names, Predicate<String> which) {
    return names.stream().filter(which).toList();
  }

  /** The classes that a verb loads, in a virtual machine of its own, from the shaded jar. */
  private List<String> classesOf(int exitCode, String... arguments)
      throws IOException, InterruptedException {
    Path log = scratch.resolve("classes.log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xlog:class+load:file=" + log + "::filesize=0");
    command.addAll(List.of("-jar", "target/crossfade-direct.jar"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(scratch.resolve("out.txt").toFile());
    builder.environment().putAll(OpenSandbox.environment());
    int ended = builder.start().waitFor();
    // The store may hold no table of the flow yet, which is told after all has been loaded.
    assertThat(Files.readString(scratch.resolve("out.txt")), ended, anyOf(is(exitCode), is(3)));
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .filter(line -> line.contains(" source: "))
          .map(line -> line.replaceFirst(" source: .*", "").replaceFirst("^.*] ?", ""))
          .toList();
    }
  }
}
