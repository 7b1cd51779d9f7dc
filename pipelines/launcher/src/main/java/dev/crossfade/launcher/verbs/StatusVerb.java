package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.lanes.CheckpointWatch;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.Stores;
import dev.crossfade.migration.CheckpointStatus;
import dev.crossfade.migration.LaneStatus;
import dev.crossfade.migration.RunStatus;
import dev.crossfade.migration.Store;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows where the lanes of a flow stand. */
@Command(name = "status", description = "Shows what the store knows of each lane of a flow.")
final class StatusVerb extends Verb {
  @Mixin private FlowOption flow;

  StatusVerb(Console console) {
    super(console);
  }

  @Override
  ExitCode execute(Console to) throws Exception {
    PlannedFlow planned = flow.flow(to);
    try (Store store = Stores.open(planned.settings())) {
      List<LaneStatus> lanes = store.laneStatus(planned.plan().table());
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("flow", planned.settings().flow());
      object.put("lanes", lanes);
      to.result(object, text(planned.settings().flow(), lanes));
    }
    return ExitCode.OK;
  }

  private static String text(String name, List<LaneStatus> lanes) {
    if (lanes.isEmpty()) {
      return name + ": no lane has run yet";
    }
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%-10s %12s %9s %9s %13s %8s  %s",
            name,
            "rows",
            "windows",
            "closed",
            "dead letters",
            "late",
            "last run"));
    for (LaneStatus lane : lanes) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n%-10s %,12d %,9d %,9d %,13d %,8d  %s",
              lane.lane(),
              lane.rows(),
              lane.windows(),
              lane.closedWindows(),
              lane.deadLetters(),
              lane.lateRecords(),
              lane.lastRun().map(StatusVerb::text).orElse("none")));
      for (RunStatus run : lane.unfinished()) {
        text.append(String.format(Locale.ROOT, "%n%-10s and %s", "", text(run)));
      }
    }
    return text.toString();
  }

  private static String text(RunStatus run) {
    return "run "
        + run.run()
        + " on "
        + run.runner()
        + " from "
        + run.startedAt()
        + ": "
        + switch (run.state()) {
          case RunStatus.RUNNING -> "running";
          case RunStatus.GONE -> "has not ended, but its process is gone";
          default -> run.state();
        }
        + run.checkpoint().map(checkpoint -> ", " + text(checkpoint)).orElse("");
  }

  private static String text(CheckpointStatus checkpoint) {
    return CheckpointWatch.text(checkpoint.newest(), checkpoint.age())
        + (checkpoint.isMissed()
            ? " (WARNING: one should come every "
                + CheckpointWatch.seconds(checkpoint.every())
                + ")"
            : "");
  }
}
