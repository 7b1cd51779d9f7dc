package dev.crossfade.launcher.lanes;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.runners.PipelineRunnerRegistrar;

/**
 * The options of Beam and its runners, as people write them on the command line. Options that are
 * not given have Beam's defaults, but for a few where Beam's default is for debugging or for other
 * kinds of graphs.
 */
public final class RunnerOptions {
  private static final String RUNNER = "--runner=";
  private static final String FLINK = "FlinkRunner";
  private static final String DIRECT = "DirectRunner";

  /** Elements of the graph are immutable, so Flink need not copy them between operators. */
  private static final List<String> FLINK_DEFAULTS =
      List.of("--objectReuse=true", "--maxBundleTimeMills=200", "--shutdownSourcesAfterIdleMs=0");

  /** The checks serialize and compare each element several times; the tests run with them. */
  private static final List<String> DIRECT_DEFAULTS =
      List.of("--enforceImmutability=false", "--enforceEncodability=false");

  private RunnerOptions() {}

  /**
   * Options from arguments such as {@code --runner=FlinkRunner --parallelism=2}. Without a runner
   * it is the FlinkRunner where there is one, and else the DirectRunner.
   *
   * @throws VerbException if one of them is none of Beam's or the runner's
   */
  public static PipelineOptions parse(List<String> arguments) {
    List<String> all = new ArrayList<>(arguments);
    String runner = runner(arguments);
    all.removeIf(argument -> argument.startsWith(RUNNER));
    all.add(RUNNER + runner);
    for (String option :
        runner.equals(FLINK)
            ? FLINK_DEFAULTS
            : runner.equals(DIRECT) ? DIRECT_DEFAULTS : List.<String>of()) {
      if (arguments.stream().noneMatch(argument -> nameIn(argument).equals(nameIn(option)))) {
        all.add(option);
      }
    }
    try {
      return PipelineOptionsFactory.fromArgs(all.toArray(String[]::new)).withValidation().create();
    } catch (IllegalArgumentException e) {
      throw new VerbException(ExitCode.USAGE, e.getMessage(), e);
    }
  }

  /** Loads what Beam loads for any graph, for those who have a thread to spare. */
  public static void prepare() {
    Pipeline.create().getCoderRegistry();
  }

  /** The simple name of the runner that the options name. */
  public static String nameOf(PipelineOptions options) {
    return options.getRunner().getSimpleName();
  }

  /** The part before the equals sign; an option that is true can be written without one. */
  private static String nameIn(String argument) {
    int equals = argument.indexOf('=');
    return equals < 0 ? argument : argument.substring(0, equals);
  }

  private static String runner(List<String> arguments) {
    TreeSet<String> known = new TreeSet<>();
    for (PipelineRunnerRegistrar registrar : ServiceLoader.load(PipelineRunnerRegistrar.class)) {
      for (Class<? extends PipelineRunner<?>> runner : registrar.getPipelineRunners()) {
        known.add(runner.getSimpleName());
      }
    }
    String named =
        arguments.stream()
            .filter(argument -> argument.startsWith(RUNNER))
            .map(argument -> argument.substring(RUNNER.length()))
            .findFirst()
            .orElse(known.contains(FLINK) ? FLINK : DIRECT);
    if (!known.contains(named)) {
      throw new VerbException(
          ExitCode.USAGE,
          RUNNER + named + ": this jar has no such runner; it has " + String.join(", ", known));
    }
    return named;
  }
}
