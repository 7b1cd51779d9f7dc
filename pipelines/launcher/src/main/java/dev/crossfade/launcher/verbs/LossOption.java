package dev.crossfade.launcher.verbs;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether windows may be replaced though a part of what they were computed of is gone. */
final class LossOption {
  @Option(
      names = "--accept-loss",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "WHY",
      description =
          "Replace the windows even though events are missing that they were computed of. What was"
              + " missing, and why that is right, is kept with the run.")
  private String why;

  /** Why a loss is accepted; empty if none is. */
  Optional<String> why(String reason) {
    return Optional.ofNullable(why).map(text -> text.isBlank() ? reason : text);
  }
}
