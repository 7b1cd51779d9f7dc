package dev.crossfade.runners.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** How long a person waits for a verb that has little to do, from the shell to the prompt. */
final class StartUp {
  private static final int TIMES = 7;

  private StartUp() {}

  static Findings measure() throws IOException, InterruptedException {
    return new Findings(Map.of(), Map.of("helpSeconds", median("--help")));
  }

  private static double median(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("bench.home"), "crossfade").toString());
    command.addAll(List.of(arguments));
    List<Double> seconds = new ArrayList<>();
    // The first one may build, and reads the jar from the disk.
    for (int i = 0; i <= TIMES; i++) {
      long started = System.nanoTime();
      int exitCode =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor();
      if (exitCode != 0) {
        throw new IllegalStateException(command + " ended with " + exitCode);
      }
      if (i > 0) {
        seconds.add((System.nanoTime() - started) / 1e9);
      }
    }
    Collections.sort(seconds);
    return Ratio.rounded(Ratio.median(seconds));
  }
}
