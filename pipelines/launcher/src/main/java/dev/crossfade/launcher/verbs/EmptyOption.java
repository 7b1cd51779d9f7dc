package dev.crossfade.launcher.verbs;

import picocli.CommandLine.Option;

/** Whether an input that gives nothing may replace what a lane holds. */
final class EmptyOption {
  @Option(
      names = "--allow-empty",
      description =
          "Replace the rows of the lane even if the input gives no record at all, or none that can"
              + " be processed. Without it such a run fails and the lane stays as it is.")
  private boolean allowed;

  boolean isAllowed() {
    return allowed;
  }
}
