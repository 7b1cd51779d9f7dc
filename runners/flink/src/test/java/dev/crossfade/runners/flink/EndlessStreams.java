package dev.crossfade.runners.flink;

import dev.crossfade.launcher.testing.OpenSandbox;
import dev.crossfade.launcher.verbs.Crossfade;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process that runs the stream lane of a flow without an end, once for each parallelism, each
 * with a database of its own. An embedded Flink does not let go of an endless job; a process does
 * when it is told to end.
 */
final class EndlessStreams {
  private EndlessStreams() {}

  /** The database of a parallelism. */
  static String database(String parallelism) {
    return "cold_" + parallelism;
  }

  /** The variables for a parallelism, from those of the sandbox. */
  static Map<String, String> environment(Map<String, String> sandbox, String parallelism) {
    return OpenSandbox.withDatabase(sandbox, database(parallelism));
  }

  /**
   * Runs until it is killed or a run ends.
   *
   * @param arguments the parallelisms, comma-separated, and then the arguments of every run
   */
  public static void main(String[] arguments) throws InterruptedException {
    List<Thread> runs = new ArrayList<>();
    for (String parallelism : arguments[0].split(",", -1)) {
      String[] call = arguments.clone();
      call[0] = "run";
      List<String> all = new ArrayList<>(List.of(call));
      all.add("--parallelism=" + parallelism);
      Map<String, String> environment = environment(System.getenv(), parallelism);
      Thread run =
          new Thread(
              () -> Crossfade.run(all.toArray(String[]::new), System.out, System.err, environment),
              "parallelism-" + parallelism);
      run.start();
      runs.add(run);
    }
    for (Thread run : runs) {
      run.join();
    }
  }
}
