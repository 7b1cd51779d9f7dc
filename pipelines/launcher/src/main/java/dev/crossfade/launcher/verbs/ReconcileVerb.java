package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.lanes.LaneTables;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.Stores;
import dev.crossfade.migration.Comparison;
import dev.crossfade.migration.Difference;
import dev.crossfade.migration.LaneDigest;
import dev.crossfade.migration.Reconcile;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares two lanes of a flow. */
@Command(
    name = "reconcile",
    description =
        "Compares two lanes of a flow over the windows that both have closed: by key, with"
            + " multiplicity, column by column. A window that one lane has closed and the other"
            + " lacks is a difference; one that cannot be judged makes the verdict INCONCLUSIVE."
            + " Only reads: the hashes that PostgreSQL keeps of each row, and every row that has"
            + " not its like by them; all rows of a legacy table.")
final class ReconcileVerb extends Verb {
  private static final int LINES = 50;

  @Mixin private FlowOption flow;

  @Option(
      names = "--left",
      required = true,
      paramLabel = "LANE",
      description = "legacy, batch or stream.")
  private String left;

  @Option(
      names = "--right",
      required = true,
      paramLabel = "LANE",
      description = "legacy, batch or stream.")
  private String right;

  @Option(
      names = "--list",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many differences are listed at most (default: ${DEFAULT-VALUE}).")
  private int list;

  @Option(
      names = "--every-row",
      description =
          "Read and compare all rows whatever the hashes say, and tell the lanes' digests.")
  private boolean everyRow;

  @Option(
      names = "--from",
      paramLabel = "INSTANT",
      description = "Only the windows from here on, such as 2001-01-01T00:00:00Z.")
  private String from;

  @Option(names = "--to", paramLabel = "INSTANT", description = "Only the windows up to here.")
  private String to;

  ReconcileVerb(Console console) {
    super(console);
  }

  @Override
  ExitCode execute(Console to) throws Exception {
    if (left.equals(right)) {
      throw new VerbException(
          ExitCode.USAGE, "--left and --right are both " + left + "; a lane agrees with itself");
    }
    PlannedFlow planned = flow.flow(to);
    Reconcile reconcile = within(Reconcile.in(Stores.database(planned.settings())).listing(list));
    Comparison comparison =
        (everyRow ? reconcile.readingEveryRow() : reconcile)
            .compare(LaneTables.of(planned, left), LaneTables.of(planned, right));
    to.result(json(comparison), text(comparison));
    return exitCode(comparison);
  }

  private Reconcile within(Reconcile reconcile) {
    Optional<Instant> first = Optional.ofNullable(from).map(i -> WindowSpans.instant("--from", i));
    Optional<Instant> last = Optional.ofNullable(to).map(i -> WindowSpans.instant("--to", i));
    try {
      return reconcile.within(first, last);
    } catch (IllegalArgumentException e) {
      throw new VerbException(ExitCode.USAGE, "--from and --to: " + e.getMessage(), e);
    }
  }

  private static ExitCode exitCode(Comparison comparison) {
    return switch (comparison.verdict()) {
      case EQUAL -> ExitCode.OK;
      case DIFFERENT -> ExitCode.DIFFERENT;
      case INCONCLUSIVE -> ExitCode.INCONCLUSIVE;
    };
  }

  private static Map<String, Object> json(Comparison comparison) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("flow", comparison.flow());
    object.put("left", comparison.left());
    object.put("right", comparison.right());
    object.put("verdict", comparison.verdict());
    object.put("equal", comparison.verdict() == Comparison.Verdict.EQUAL);
    object.put("reason", comparison.reason());
    object.put("windows", comparison.windows().size());
    object.put(
        "notClosed", ordered("left", comparison.notClosedLeft(), comparison.notClosedRight()));
    object.put("notCompared", notCompared(comparison));
    object.put("rows", ordered("left", comparison.leftRows(), comparison.rightRows()));
    object.put("equalRows", comparison.equalRows());
    object.put("evidence", comparison.evidence());
    object.put(
        "digest",
        ordered(
            "left",
            comparison.leftDigest().map(ReconcileVerb::print).orElse(null),
            comparison.rightDigest().map(ReconcileVerb::print).orElse(null)));
    object.put("differenceCount", comparison.differenceCount());
    object.put("differenceCounts", comparison.counts());
    object.put("differences", comparison.differences());
    return object;
  }

  private static Map<String, Object> notCompared(Comparison comparison) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("windows", comparison.notCompared().size());
    object.put("cannotBeJudged", comparison.unjudged());
    object.put("why", LeftOut.of(comparison));
    return object;
  }

  private static String print(LaneDigest digest) {
    return digest.rows().toString();
  }

  private static <T> Map<String, T> ordered(String first, T leftValue, T rightValue) {
    Map<String, T> map = new LinkedHashMap<>();
    map.put(first, leftValue);
    map.put("right", rightValue);
    return map;
  }

  private static String digest(Optional<LaneDigest> digest) {
    return digest.map(ReconcileVerb::print).orElse("by row hashes; --every-row tells it");
  }

  private static String notComparedText(Comparison comparison) {
    if (comparison.notCompared().isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    int windows = comparison.notCompared().size();
    long unjudged = comparison.unjudged();
    text.append(
        String.format(
            Locale.ROOT,
            "not compared: %,d %s%s%n",
            windows,
            windows == 1 ? "window" : "windows",
            unjudged == 0
                ? ""
                : unjudged < windows
                    ? String.format(Locale.ROOT, ", of which %,d cannot be judged", unjudged)
                    : ", which cannot be judged"));
    LeftOut.of(comparison).forEach(line -> text.append(line.text()).append('\n'));
    return text.toString();
  }

  private static String text(Comparison comparison) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: %s and %s over %,d closed windows: %s%n",
            comparison.flow(),
            comparison.left(),
            comparison.right(),
            comparison.windows().size(),
            comparison.reason()));
    text.append(
        String.format(
            Locale.ROOT, "%-10s %12s %12s  %s%n", "lane", "rows", "not closed", "digest"));
    text.append(
        String.format(
            Locale.ROOT,
            "%-10s %,12d %,12d  %s%n",
            comparison.left(),
            comparison.leftRows(),
            comparison.notClosedLeft(),
            digest(comparison.leftDigest())));
    text.append(
        String.format(
            Locale.ROOT,
            "%-10s %,12d %,12d  %s%n",
            comparison.right(),
            comparison.rightRows(),
            comparison.notClosedRight(),
            digest(comparison.rightDigest())));
    text.append(notComparedText(comparison));
    comparison.differences().stream()
        .limit(LINES)
        .map(Difference::toString)
        .forEach(line -> text.append(line).append('\n'));
    long more = comparison.differenceCount() - Math.min(LINES, comparison.differences().size());
    if (more > 0) {
      text.append(String.format(Locale.ROOT, "and %,d more differences%n", more));
    }
    return text.append(comparison.verdict()).toString();
  }
}
