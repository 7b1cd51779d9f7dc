package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.lanes.Lane;
import dev.crossfade.launcher.lanes.LaneRun;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.RunSummary;
import dev.crossfade.launcher.lanes.RunnerOptions;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Runs a lane of a flow to the end of its input. */
@Command(
    name = "run",
    description = {
      "Runs a lane of a flow.",
      "Options that are not listed here go to Beam and its runner as they are, such as"
          + " --runner=FlinkRunner --parallelism=2 --flinkMaster=host:port."
    })
final class RunVerb extends Verb {
  @Mixin private FlowOption flow;

  @Option(
      names = "--source",
      required = true,
      paramLabel = "NAME",
      description = "The source that feeds the lane: batch or stream.")
  private String source;

  @Unmatched private List<String> runnerArguments = new ArrayList<>();

  RunVerb(Console console) {
    super(console);
  }

  @Override
  ExitCode execute(Console to) throws Exception {
    PlannedFlow planned = flow.flow(to);
    Lane lane = Lane.of(source, planned.settings());
    var options = RunnerOptions.parse(runnerArguments);
    to.progress(
        "running "
            + planned.settings().flow()
            + " from "
            + source
            + " on the "
            + RunnerOptions.nameOf(options));
    RunSummary summary = new LaneRun(planned, lane, options).run();
    to.result(summary, text(summary));
    return ExitCode.OK;
  }

  static String text(RunSummary summary) {
    RunSummary.Counts counts = summary.counts();
    String text =
        String.format(
            "%s, lane %s, run %d on %s: read %,d, dead letters %,d, late %,d; panes early %,d, on"
                + " time %,d, late %,d; took %.1f s",
            summary.flow(),
            summary.lane(),
            summary.run(),
            summary.runner(),
            counts.read(),
            counts.deadLettered(),
            counts.late(),
            counts.earlyPanes(),
            counts.onTimePanes(),
            counts.latePanes(),
            summary.took().toMillis() / 1000.0);
    return summary.digest().map(digest -> text + "\nrows and digest: " + digest).orElse(text);
  }
}
