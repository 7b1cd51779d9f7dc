package dev.crossfade.launcher.verbs;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Dead letters: records that could not be processed. */
@Command(
    name = "dlq",
    description = "Lists, shows, replays and discards the dead letters of a lane.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {DlqListVerb.class, DlqShowVerb.class, DlqReplayVerb.class, DlqDiscardVerb.class},
    synopsisSubcommandLabel = "VERB")
final class DlqVerb implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "dlq: say what to do: list, show, replay or discard");
  }
}
