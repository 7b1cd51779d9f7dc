package dev.crossfade.runners.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * How long a person waits, from the shell to the prompt: for {@code --help} and for {@code status},
 * each under 0.5 s, and for {@code run} of a file of a thousand flights on the DirectRunner, under
 * 6 s. Each is called as people do, and has to say what it is asked for.
 */
final class StartUp {
  private static final int FLIGHTS = 1_000;
  private static final int TIMES = 7;
  private static final int TIMES_OF_RUN = 3;

  private final Arena arena;
  private final Path directory;

  private StartUp(Arena arena, Path directory) {
    this.arena = arena;
    this.directory = directory;
  }

  static Findings measure(Arena arena) throws IOException, InterruptedException {
    return new StartUp(arena, Files.createTempDirectory(arena.directory(), "start-up")).measure();
  }

  private Findings measure() throws IOException, InterruptedException {
    Path home = Path.of(System.getProperty("bench.home"));
    String flow = "--flow=" + home.resolve("pipelines/flows/flights.yaml");
    Path few = directory.resolve("flights.csv");
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Files.newInputStream(home.resolve("testdata/flights-2001-01-01_07.csv.gz"))),
                StandardCharsets.UTF_8))) {
      Files.write(few, lines.lines().limit(FLIGHTS + 1).toList());
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("helpSeconds", median(TIMES, "Exit codes:", "--help"));
    figures.put(
        "runSmallFileSeconds",
        median(
            TIMES_OF_RUN,
            String.format(Locale.ROOT, "read %,d, dead letters 0", FLIGHTS),
            "run",
            flow,
            "--set=sources.batch.path=" + few,
            "--source=batch",
            "--runner=DirectRunner"));
    figures.put("statusSeconds", median(TIMES, "SUCCEEDED", "status", flow));
    return new Findings(Map.of(), figures);
  }

  private double median(int times, String saying, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("bench.home"), "crossfade").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(arena.environment());
    List<Double> seconds = new ArrayList<>();
    // The first one may build, and reads the jar from the disk.
    for (int i = 0; i <= times; i++) {
      long started = System.nanoTime();
      Process process = builder.start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exitCode = process.waitFor();
      if (exitCode != 0 || !said.contains(saying)) {
        throw new IllegalStateException(command + " ended with " + exitCode + ":\n" + said);
      }
      if (i > 0) {
        seconds.add((System.nanoTime() - started) / 1e9);
      }
    }
    Collections.sort(seconds);
    return Ratio.rounded(Ratio.median(seconds));
  }
}
