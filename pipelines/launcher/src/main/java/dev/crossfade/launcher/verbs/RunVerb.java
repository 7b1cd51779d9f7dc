package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.json.Json;
import dev.crossfade.launcher.lanes.BoundedRun;
import dev.crossfade.launcher.lanes.FilesRead;
import dev.crossfade.launcher.lanes.Lane;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.RunSummary;
import dev.crossfade.launcher.lanes.RunnerOptions;
import dev.crossfade.launcher.lanes.StreamRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.beam.sdk.options.PipelineOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Runs a lane of a flow to the end of its input. */
@Command(
    name = "run",
    description = {
      "Runs a lane of a flow. A batch is put in place as one version when all of it is there; doing"
          + " it again gives the same.",
      "Options that are not listed here go to Beam and its runner as they are, such as"
          + " --runner=FlinkRunner --parallelism=2 --flinkMaster=host:port."
    })
final class RunVerb extends Verb {
  /** Where streams keep their checkpoints unless another place is named. */
  static final String CHECKPOINTS = ".crossfade/checkpoints";

  @Mixin private FlowOption flow;
  @Mixin private EmptyOption empty;

  @Option(
      names = "--source",
      required = true,
      paramLabel = "NAME",
      description = "The source that feeds the lane: batch or stream.")
  private String source;

  @Option(
      names = "--from",
      paramLabel = "INSTANT",
      description = "Of a batch, only the windows from here on, such as 2001-01-01T00:00:00Z.")
  private String from;

  @Option(names = "--to", paramLabel = "INSTANT", description = "And only the windows up to here.")
  private String to;

  @Option(
      names = "--resume",
      description = "Go on with the stream's newest run, from its newest checkpoint or savepoint.")
  private boolean resume;

  @Option(
      names = "--checkpoints",
      paramLabel = "DIR",
      defaultValue = CHECKPOINTS,
      description = "Where streams keep their checkpoints (default: ${DEFAULT-VALUE}).")
  private Path checkpoints;

  @Option(
      names = "--summary",
      paramLabel = "FILE",
      description = "Write what --json prints to a file as well, for the scheduler.")
  private Path summaryFile;

  @Unmatched private List<String> runnerArguments = new ArrayList<>();

  RunVerb(Console console) {
    super(console);
  }

  @Override
  ExitCode execute(Console to) throws Exception {
    PlannedFlow planned = flow.flow(to);
    Lane lane = Lane.of("--source", source, planned.settings());
    PipelineOptions options = RunnerOptions.parse(runnerArguments);
    // A run is not begun whose summary could not be kept.
    Optional<SummaryFile> kept =
        Optional.ofNullable(summaryFile).map(file -> SummaryFile.at(file, to));
    to.progress(
        "running "
            + planned.settings().flow()
            + " from "
            + source
            + " on the "
            + RunnerOptions.nameOf(options));
    RunSummary summary =
        lane == Lane.BATCH ? batch(planned, options) : stream(planned, options, to);
    to.result(summary, text(summary));
    kept.ifPresent(file -> file.write(Json.write(summary) + "\n"));
    return ExitCode.OK;
  }

  private RunSummary batch(PlannedFlow planned, PipelineOptions options) {
    if (resume) {
      throw new VerbException(
          ExitCode.USAGE, "--resume is for streams; a batch is run again from its start");
    }
    if ((from == null) != (to == null)) {
      throw new VerbException(ExitCode.USAGE, "--from and --to go together");
    }
    return from == null
        ? BoundedRun.batch(planned, options).allowEmpty(empty.isAllowed()).run()
        : BoundedRun.batch(
                planned,
                options,
                WindowSpans.windows(
                    planned.plan().windowing().shape(),
                    "--from and --to",
                    WindowSpans.span("--from and --to", from, to)))
            .allowEmpty(empty.isAllowed())
            .run();
  }

  private RunSummary stream(PlannedFlow planned, PipelineOptions options, Console to) {
    if (from != null || this.to != null) {
      throw new VerbException(
          ExitCode.USAGE,
          "--from and --to are for batches; './crossfade restate' computes windows of a stream"
              + " again");
    }
    return new StreamRun(planned, options, checkpoints, resume, to::progress)
        .allowEmpty(empty.isAllowed())
        .run();
  }

  static String text(RunSummary summary) {
    RunSummary.Counts counts = summary.counts();
    String text =
        String.format(
            Locale.ROOT,
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
    return text
        + String.join(
            "",
            summary.files().map(FilesRead::text).orElse(List.of()).stream()
                .map(line -> "\n" + line)
                .toList())
        + summary.digest().map(digest -> "\nrows and digest: " + digest).orElse("")
        + summary.quality().map(quality -> "\n" + quality.text()).orElse("");
  }
}
