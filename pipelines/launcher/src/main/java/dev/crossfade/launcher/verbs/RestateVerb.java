package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.Restatement;
import dev.crossfade.launcher.lanes.RunSummary;
import dev.crossfade.launcher.lanes.RunnerOptions;
import dev.crossfade.transforms.results.EventWindow;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Computes closed windows again. */
@Command(
    name = "restate",
    description = {
      "Computes closed windows of a lane again, by a bounded run of the same graph over what is"
          + " retained of its input, and replaces them as one version. Late records and mended dead"
          + " letters of these windows are in it.",
      "Options that are not listed here go to Beam and its runner as they are."
    })
final class RestateVerb extends Verb {
  @Mixin private FlowOption flow;
  @Mixin private LossOption loss;
  @Mixin private EmptyOption empty;

  @Option(
      names = "--windows",
      required = true,
      split = ",",
      paramLabel = "FROM/TO",
      description =
          "The windows, as spans that begin and end with one, such as"
              + " 2001-01-01T00:00:00Z/2001-01-02T00:00:00Z; late for all that have late records.")
  private List<String> windows;

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why; it is kept with the run.")
  private String reason;

  @Option(
      names = "--lane",
      paramLabel = "LANE",
      defaultValue = "stream",
      description = "The lane: batch or stream (default: ${DEFAULT-VALUE}).")
  private String lane;

  @Option(
      names = "--input",
      paramLabel = "NAME",
      description =
          "What is read: batch or stream, which is what the topic retains; the lane's own source"
              + " unless you say so.")
  private String input;

  @Unmatched private List<String> runnerArguments = new ArrayList<>();

  RestateVerb(Console console) {
    super(console);
  }

  @Override
  ExitCode execute(Console to) throws Exception {
    PlannedFlow planned = flow.flow(to);
    if (reason.isBlank()) {
      throw new VerbException(ExitCode.USAGE, "--reason is empty; say why they are computed again");
    }
    Restatement restatement =
        Restatement.of(planned, lane, input, RunnerOptions.parse(runnerArguments))
            .allowEmpty(empty.isAllowed());
    List<EventWindow> all =
        windows.equals(List.of("late"))
            ? restatement.windowsOfLateRecords()
            : WindowSpans.windows(planned.plan().windowing().shape(), "--windows", windows);
    RunSummary summary = restatement.run(all, reason, List.of(), loss.why(reason));
    to.result(summary, "restated " + all.size() + " windows\n" + RunVerb.text(summary));
    return ExitCode.OK;
  }
}
