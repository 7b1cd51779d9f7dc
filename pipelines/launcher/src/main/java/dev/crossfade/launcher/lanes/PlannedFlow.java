package dev.crossfade.launcher.lanes;

import dev.crossfade.io.jdbc.ReadTable;
import dev.crossfade.io.kafka.ReadTopic;
import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.fingerprints.LogicFingerprint;
import dev.crossfade.launcher.settings.BatchSource;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.launcher.settings.SettingsError;
import dev.crossfade.launcher.settings.SettingsException;
import dev.crossfade.migration.QualityRule;
import dev.crossfade.transforms.Flow;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.ReferenceTable;
import dev.crossfade.transforms.graph.ComputeFlow;
import dev.crossfade.transforms.graph.FlowPlan;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.results.ResultTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A flow bound to its settings.
 *
 * @param settings the settings
 * @param plan what the graph needs of both
 * @param flowType the flow's class
 */
public record PlannedFlow(Settings settings, FlowPlan<?> plan, Class<?> flowType) {
  /**
   * Finds the flow that the settings name and defines it.
   *
   * @throws VerbException if it cannot be found, or does not hold together with its settings
   * @throws SettingsException if rules are about columns that its results do not have
   */
  public static PlannedFlow of(Settings settings, FlowCatalog catalog) throws SettingsException {
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
      Flow<?> flow = catalog.find(settings.flow());
      FlowPlan<?> plan = FlowPlan.of(flow, context, settings.eventTime(), settings.window());
      if (!context.unreadParameters().isEmpty()) {
        throw new VerbException(
            ExitCode.USAGE,
            "the flow does not read parameters."
                + String.join(", parameters.", context.unreadParameters())
                + "; it reads "
                + context.readParameters());
      }
      requireFit(settings, plan.table());
      return new PlannedFlow(settings, plan, flow.getClass());
    } catch (IllegalArgumentException e) {
      throw new VerbException(
          ExitCode.USAGE, "flow '" + settings.flow() + "': " + e.getMessage(), e);
    }
  }

  private static void requireFit(Settings settings, ResultTable table) throws SettingsException {
    List<SettingsError> misfits = new ArrayList<>();
    settings
        .quality()
        .forEach(
            (name, rule) ->
                rule.says()
                    .misfit(table)
                    .ifPresent(
                        message -> misfits.add(rule.place().error("quality." + name, message))));
    if (!misfits.isEmpty()) {
      throw new SettingsException(misfits);
    }
  }

  /** The rules of the business about each window. */
  List<QualityRule> rules() {
    return settings.quality().values().stream().map(Settings.Rule::says).toList();
  }

  /** How records of an input are written. */
  public RecordFormat formatOf(Input input) {
    if (input != Input.BATCH) {
      return ReadTopic.format();
    }
    return settings.sources().batch().orElseThrow() instanceof BatchSource.Files files
        ? files.format()
        : ReadTable.format();
  }

  /**
   * The fingerprint of the flow's logic: its code, the graph's, and those of its settings and
   * reference data that results depend on.
   */
  public String logic() {
    StringBuilder text = new StringBuilder();
    text.append(settings.eventTime()).append('\n');
    text.append(settings.window()).append('\n');
    text.append(settings.parameters()).append('\n');
    settings
        .references()
        .forEach(
            (name, reference) ->
                text.append(name)
                    .append(' ')
                    .append(reference.key())
                    .append(' ')
                    .append(ReferenceFiles.checksum(reference.path()))
                    .append('\n'));
    return LogicFingerprint.of(
        List.of(flowType, plan.eventType(), ComputeFlow.class), text.toString());
  }
}
