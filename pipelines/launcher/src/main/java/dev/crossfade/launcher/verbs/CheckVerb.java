package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.lanes.GraphCheck;
import dev.crossfade.launcher.lanes.Lane;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.RunnerOptions;
import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** Reads the settings, defines the flow and builds the graph for every source; runs nothing. */
@Command(
    name = "check",
    description =
        "Reads a flow's settings and builds its graph for every source. Connects to nothing and runs"
            + " nothing.")
final class CheckVerb extends Verb {
  @Mixin private FlowOption flow;
  @Unmatched private List<String> runnerArguments = new ArrayList<>();

  CheckVerb(Console console) {
    super(console);
  }

  @Override
  ExitCode execute(Console to) throws Exception {
    PlannedFlow planned = flow.flow(to);
    List<String> lanes = new ArrayList<>();
    for (Lane lane : Lane.values()) {
      if (lane.isIn(planned.settings())) {
        GraphCheck.of(planned, lane, RunnerOptions.parse(runnerArguments));
        lanes.add(lane.laneName());
      }
    }
    ResultTable table = planned.plan().table();
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("flow", table.flow());
    object.put("lanes", lanes);
    object.put("key", describe(table.key().columns()));
    object.put("values", describe(table.values().columns()));
    object.put("settings", planned.settings().describe());
    to.result(
        object,
        table.flow()
            + ": the graph holds together for "
            + String.join(" and ", lanes)
            + "\nkey:    "
            + describe(table.key().columns())
            + "\nvalues: "
            + describe(table.values().columns()));
    return ExitCode.OK;
  }

  private static Map<String, String> describe(List<Column> columns) {
    Map<String, String> types = new LinkedHashMap<>();
    columns.forEach(column -> types.put(column.name(), column.sqlType()));
    return types;
  }
}
