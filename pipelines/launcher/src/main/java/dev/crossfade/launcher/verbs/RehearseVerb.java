package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.rehearsal.Rehearsal;
import dev.crossfade.launcher.rehearsal.RehearsalSummary;
import dev.crossfade.launcher.report.FlowReport;
import dev.crossfade.launcher.report.HtmlReport;
import dev.crossfade.launcher.report.LaneReport;
import dev.crossfade.launcher.report.RehearsalReport;
import dev.crossfade.sandbox.Sandbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Rehearses a migration on real flights. */
@Command(
    name = "rehearse",
    description = {
      "Rehearses a migration on real flights: in a sandbox, the legacy SQL job, the batch lane and"
          + " the stream lane compute the same tables, and every pair of lanes is compared.",
      "Options that are not listed here go to Beam and its runner as they are."
    })
final class RehearseVerb extends Verb {
  @Option(
      names = "--flow",
      paramLabel = "FILE",
      defaultValue = "pipelines/flows/flights.yaml,pipelines/flows/flights-daily.yaml",
      split = ",",
      description = "The settings of the flows (default: ${DEFAULT-VALUE}).")
  private List<Path> flows;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "testdata",
      description = "Where the flights and airports are (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Option(
      names = "--sandbox",
      paramLabel = "DIR",
      defaultValue = SandboxVerb.DIRECTORY,
      description =
          "Where the sandbox lives. If it is open, it is used, and else it is opened for the"
              + " rehearsal (default: ${DEFAULT-VALUE}).")
  private Path sandbox;

  @Option(
      names = "--publish-seconds",
      paramLabel = "N",
      defaultValue = "50",
      description = "How long the publishing of the reports takes (default: ${DEFAULT-VALUE}).")
  private int publishSeconds;

  @Option(
      names = "--hours",
      paramLabel = "N",
      description = "Only the reports of the first N hours, for runners that are slow on streams.")
  private Integer hours;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      defaultValue = ".crossfade/rehearsal.html",
      description = "Where the report goes (default: ${DEFAULT-VALUE}).")
  private Path report;

  @Unmatched private List<String> runnerArguments = new ArrayList<>();

  RehearseVerb(Console console) {
    super(console);
  }

  @Override
  ExitCode execute(Console to) throws Exception {
    Rehearsal.Plan plan =
        new Rehearsal.Plan(
            flows,
            data.resolve("flights-2001-01-01_07.csv.gz"),
            data.resolve("airports.csv"),
            Duration.ofSeconds(publishSeconds),
            Optional.ofNullable(hours),
            runnerArguments,
            report.toAbsolutePath().getParent());
    Optional<Map<String, String>> open = Sandbox.environmentOf(sandbox);
    RehearsalReport found;
    if (open.isPresent()) {
      found = new Rehearsal(plan, open.get(), to::progress).run();
    } else {
      try (Sandbox own = Sandbox.open(sandbox, to::progress)) {
        found = new Rehearsal(plan, own.environment(), to::progress).run();
      }
    }
    HtmlReport.write(found, report);
    to.result(RehearsalSummary.of(found, report), text(found));
    if (found.equal()) {
      return ExitCode.OK;
    }
    return differs(found) ? ExitCode.DIFFERENT : ExitCode.INCONCLUSIVE;
  }

  private String text(RehearsalReport found) {
    StringBuilder text = new StringBuilder();
    for (FlowReport flow : found.flows()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n%s: %,d windows, %,d closed before the last report was published%n",
              flow.flow(),
              flow.windows(),
              flow.closedBeforeEnd()));
      text.append(
          String.format(
              Locale.ROOT,
              "  %-8s %-13s %9s %7s %5s %5s %8s  %s%n",
              "lane",
              "runner",
              "read",
              "rows",
              "dead",
              "late",
              "seconds",
              "rows and digest"));
      for (LaneReport lane : flow.lanes()) {
        text.append(
            String.format(
                Locale.ROOT,
                "  %-8s %-13s %,9d %,7d %,5d %,5d %8.1f  %s%n",
                lane.lane(),
                lane.runner(),
                lane.read(),
                lane.rows(),
                lane.deadLettered(),
                lane.late(),
                lane.took().toMillis() / 1000.0,
                lane.digest()));
      }
      text.append(
          String.format(
              Locale.ROOT,
              "  panes of the stream: early %,d, on time %,d, late %,d; equal: %s%n",
              flow.panes().early(),
              flow.panes().onTime(),
              flow.panes().late(),
              flow.equal()));
    }
    text.append(
        found.equal()
            ? "\nlegacy, batch and stream agree on every window of " + names(found)
            : differs(found)
                ? "\nTHE LANES DIFFER; the report names where"
                : "\nINCONCLUSIVE: not everything can be judged; the report says why");
    return text.append("\nreport: ").append(report.toAbsolutePath()).toString();
  }

  private static boolean differs(RehearsalReport found) {
    return found.flows().stream().anyMatch(FlowReport::differs);
  }

  private static String names(RehearsalReport found) {
    return String.join(" and ", found.flows().stream().map(FlowReport::flow).toList());
  }
}
