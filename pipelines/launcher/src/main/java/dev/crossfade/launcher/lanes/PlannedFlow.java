package dev.crossfade.launcher.lanes;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.ReferenceTable;
import dev.crossfade.transforms.graph.FlowPlan;
import java.util.HashMap;
import java.util.Map;

/**
 * A flow bound to its settings.
 *
 * @param settings the settings
 * @param plan what the graph needs of both
 */
public record PlannedFlow(Settings settings, FlowPlan<?> plan) {
  /**
   * Finds the flow that the settings name and defines it.
   *
   * @throws VerbException if it cannot be found, or does not hold together with its settings
   */
  public static PlannedFlow of(Settings settings, FlowCatalog catalog) {
    Map<String, ReferenceTable> references = new HashMap<>();
    settings
        .references()
        .forEach(
            (name, file) ->
                references.put(name, ReferenceFiles.read(name, file.path(), file.key())));
    Map<String, String> parameters = new HashMap<>();
    settings.parameters().forEach((name, value) -> parameters.put(name, value.toString()));
    FlowContext context = new FlowContext(parameters, references);
    try {
      FlowPlan<?> plan =
          FlowPlan.of(
              catalog.find(settings.flow()), context, settings.eventTime(), settings.window());
      if (!context.unreadParameters().isEmpty()) {
        throw new VerbException(
            ExitCode.USAGE,
            "the flow does not read parameters."
                + String.join(", parameters.", context.unreadParameters())
                + "; it reads "
                + context.readParameters());
      }
      return new PlannedFlow(settings, plan);
    } catch (IllegalArgumentException e) {
      throw new VerbException(
          ExitCode.USAGE, "flow '" + settings.flow() + "': " + e.getMessage(), e);
    }
  }
}
