package dev.crossfade.runners.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the small parts cost, each by itself, by JMH in virtual machines of their own. A benchmark
 * whose part comes to something else than it should ends the study. Figures are called by the
 * benchmark's method and parameters; the error is half of JMH's interval of 99.9 % confidence.
 */
final class Parts {
  private static final int FORKS = 2;
  private static final int WARM_UPS = 8;
  private static final int ITERATIONS = 5;

  /** How long each warm-up and each iteration is at scale 1. */
  private static final long MILLIS = 250;

  private static final Map<String, String> UNITS = Map.of("ns/op", "Nanos", "ops/s", "PerSecond");

  private Parts() {}

  static Findings measure(Arena arena, double scale)
      throws IOException, InterruptedException, SQLException {
    arena.execute("DROP SCHEMA IF EXISTS crossfade CASCADE");
    Path log = arena.log("parts");
    Path results = arena.directory().resolve("parts.json");
    String each = Math.max(1, Math.round(MILLIS * scale)) + "ms";
    List<String> arguments = new ArrayList<>();
    arguments.add(Parts.class.getPackageName().replace(".", "\\.") + "\\.parts\\.");
    // Not as contestants are set up, which compile late and would still be warming up.
    arguments.addAll(List.of("-f", Integer.toString(FORKS), "-jvmArgs", "-Xmx1g"));
    arguments.addAll(List.of("-wi", Integer.toString(WARM_UPS), "-w", each));
    arguments.addAll(List.of("-i", Integer.toString(ITERATIONS), "-r", each));
    arguments.addAll(List.of("-foe", "true", "-rf", "json", "-rff", results.toString()));
    int exitCode = arena.start(log, org.openjdk.jmh.Main.class, arguments).waitFor();
    if (exitCode != 0) {
      throw new IllegalStateException(
          "the benchmarks of the parts ended with " + exitCode + ":\n" + Arena.tail(log));
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    for (JsonNode result : new ObjectMapper().readTree(results.toFile())) {
      JsonNode metric = result.path("primaryMetric");
      String name = name(result) + UNITS.get(metric.path("scoreUnit").asText());
      figures.put(name, Ratio.rounded(metric.path("score").asDouble()));
      figures.put(name + "Error", Ratio.rounded(metric.path("scoreError").asDouble()));
    }
    return new Findings(Map.of(), figures);
  }

  /** The method, and the parameters' values in camel case. */
  private static String name(JsonNode result) {
    String benchmark = result.path("benchmark").asText();
    StringBuilder name = new StringBuilder(benchmark.substring(benchmark.lastIndexOf('.') + 1));
    for (JsonNode value : result.path("params")) {
      for (String word : value.asText().split("_", -1)) {
        name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
      }
    }
    return name.toString();
  }
}
