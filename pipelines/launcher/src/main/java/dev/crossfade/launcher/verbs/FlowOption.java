package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.lanes.FlowCatalog;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.launcher.settings.SettingsException;
import dev.crossfade.sandbox.Sandbox;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The settings of a flow, as verbs are told them. */
final class FlowOption {
  @Option(
      names = "--flow",
      required = true,
      paramLabel = "FILE",
      description = "The flow's settings, such as pipelines/flows/flights.yaml.")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description =
          "Replaces one of the settings, such as --set=window.allowedLateness=6h. A command line is"
              + " seen by all users of a machine: give a password as a variable, such as"
              + " --set=store.password='$${NAME}'.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--sandbox",
      paramLabel = "DIR",
      defaultValue = SandboxVerb.DIRECTORY,
      description =
          "An open sandbox, whose connection is used for variables that the environment does not"
              + " set (default: ${DEFAULT-VALUE}).")
  private Path sandbox;

  /** Reads the settings. */
  Settings settings(Console console) throws SettingsException {
    return Settings.load(file, overrides, environment(console));
  }

  /** The variables of the environment, and those of the sandbox that it does not set. */
  private Map<String, String> environment(Console console) {
    Map<String, String> variables = new HashMap<>();
    Sandbox.environmentOf(sandbox).ifPresent(variables::putAll);
    String brokers = console.environment().get("CROSSFADE_KAFKA");
    if (brokers != null && !brokers.equals(variables.get("CROSSFADE_KAFKA"))) {
      // The sandbox's credentials are for the sandbox's broker.
      variables.remove("CROSSFADE_KAFKA_PROPERTIES");
    }
    variables.putAll(console.environment());
    return variables;
  }

  /** Reads the settings and finds the flow. */
  PlannedFlow flow(Console console) throws SettingsException {
    return PlannedFlow.of(settings(console), FlowCatalog.load());
  }
}
