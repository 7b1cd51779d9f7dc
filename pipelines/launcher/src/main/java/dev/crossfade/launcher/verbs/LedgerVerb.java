package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.lanes.Lane;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.Stores;
import dev.crossfade.migration.LaneStatus;
import dev.crossfade.migration.LedgerReport;
import dev.crossfade.migration.MeetLine;
import dev.crossfade.migration.SourceLine;
import dev.crossfade.migration.Store;
import dev.crossfade.migration.WindowLine;
import dev.crossfade.transforms.results.EventWindow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows where every record went. */
@Command(
    name = "ledger",
    description =
        "Shows where every record of a flow's lanes went, by source and by window, and whether it"
            + " adds up, and what the rules of the business found. A remainder ends with exit code"
            + " 7. What is on its way is not judged.")
final class LedgerVerb extends Verb {
  private static final int LINES = 40;

  @Mixin private FlowOption flow;

  @Option(names = "--lane", paramLabel = "LANE", description = "Only this lane: batch or stream.")
  private String lane;

  @Option(names = "--window", paramLabel = "FROM/TO", description = "Only the windows of a span.")
  private String window;

  LedgerVerb(Console console) {
    super(console);
  }

  @Override
  ExitCode execute(Console to) throws Exception {
    PlannedFlow planned = flow.flow(to);
    if (lane != null) {
      Lane unused = Lane.of("--lane", lane, planned.settings());
    }
    Optional<EventWindow> within =
        Optional.ofNullable(window).map(span -> WindowSpans.span("--window", span));
    within.ifPresent(
        span -> WindowSpans.windows(planned.plan().windowing().shape(), "--window", span));
    List<LaneLedger> reports = new ArrayList<>();
    try (Store store = Stores.open(planned.settings())) {
      for (LaneStatus status : store.laneStatus(planned.plan().table())) {
        if (lane == null || status.lane().equals(lane)) {
          LedgerReport report = store.ledger(planned.plan().table(), status.lane(), within);
          if (!report.isEmpty()) {
            reports.add(
                new LaneLedger(report, store.quality(report.flow(), report.lane(), within)));
          }
        }
      }
    }
    if (reports.isEmpty()) {
      throw new VerbException(
          ExitCode.INCONCLUSIVE,
          planned.settings().flow() + ": the ledger is empty, which proves nothing");
    }
    boolean balanced = reports.stream().allMatch(kept -> kept.report().balanced());
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("flow", planned.settings().flow());
    object.put("balanced", balanced);
    object.put("lanes", reports);
    StringBuilder text = new StringBuilder();
    reports.forEach(
        kept -> {
          append(kept.report(), text);
          kept.appendQuality(text, LINES);
        });
    to.result(object, text.append(balanced ? "BALANCED" : "NOT BALANCED").toString());
    return balanced ? ExitCode.OK : ExitCode.UNBALANCED;
  }

  private static void append(LedgerReport report, StringBuilder text) {
    text.append(
        String.format(
            Locale.ROOT,
            "%s, lane %s, in records%n%-28s %5s %12s %12s %11s %9s %9s %9s%n",
            report.flow(),
            report.lane(),
            "source",
            "run",
            "positions",
            "decoded",
            "undecodable",
            "no record",
            "unread",
            "remainder"));
    for (SourceLine line : report.sources()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-28s %5d %,12d %,12d %,11d %,9d %,9d %,9d%n",
              shortened(line.source()),
              line.run(),
              line.positions(),
              line.decoded(),
              line.undecodable(),
              line.withoutContent(),
              line.unread(),
              line.remainder()));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "in events%n%-45s %5s %9s %9s %8s %10s %6s %6s %9s%n",
            "window",
            "run",
            "decoded",
            "counted",
            "filtered",
            "duplicates",
            "dead",
            "late",
            "remainder"));
    List<WindowLine> shown = report.windows();
    if (shown.size() > LINES) {
      shown =
          shown.stream()
              .filter(line -> line.remainder() != 0 || line.late() > 0 || line.dead() > 0)
              .limit(LINES)
              .toList();
      text.append(
          String.format(
              Locale.ROOT,
              "%,d windows, of which those with a remainder, late records or dead letters are"
                  + " shown, %d at most; --window and --json show all%n",
              report.windows().size(),
              LINES));
    }
    for (WindowLine line : shown) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-45s %5d %,9d %,9d %,8d %,10d %,6d %,6d %9s%s%n",
              line.window(),
              line.run(),
              line.decoded(),
              line.counted(),
              line.filtered(),
              line.duplicates(),
              line.dead(),
              line.late(),
              line.closed() ? Long.toString(line.remainder()) : "open",
              line.restated() ? " restated" : ""));
    }
    for (MeetLine meet : report.meets()) {
      text.append(
          String.format(
              Locale.ROOT,
              "run %d: %,d events of the sources, %,d in windows, %,d late, %s%n",
              meet.run(),
              meet.ofSources(),
              meet.ofWindows(),
              meet.late(),
              meet.complete()
                  ? "remainder " + meet.remainder()
                  : meet.inFlight() + " on their way"));
    }
    report.acceptedLosses().forEach(line -> text.append(line).append('\n'));
    report.remainders().forEach(line -> text.append(line).append('\n'));
  }

  /** A path by its end, which tells it from others. */
  private static String shortened(String source) {
    return source.length() <= 28 ? source : "…" + source.substring(source.length() - 27);
  }
}
