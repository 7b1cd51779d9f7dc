package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What all verbs have: {@code --help}, {@code --json}, and an exit code. */
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class)
abstract class Verb implements Callable<Integer> {
  private final Console console;

  @Option(names = "--json", description = "Print one JSON object instead of text.")
  private boolean json;

  Verb(Console console) {
    this.console = console;
  }

  @Override
  public final Integer call() throws Exception {
    console.setJson(json);
    return execute(console).code();
  }

  abstract ExitCode execute(Console to) throws Exception;
}
