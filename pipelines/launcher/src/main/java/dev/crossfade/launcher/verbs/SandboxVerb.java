package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.sandbox.Sandbox;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Holds a Kafka broker and a PostgreSQL open until it is told to stop. */
@Command(
    name = "sandbox",
    description =
        "Opens a Kafka broker and a PostgreSQL on free ports of this machine, prints how to connect, and"
            + " holds them open until Ctrl-C or SIGTERM. Their data stay in the directory.")
final class SandboxVerb extends Verb {
  /** Where a sandbox lives unless another place is named. */
  static final String DIRECTORY = ".crossfade/sandbox";

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      defaultValue = DIRECTORY,
      description = "Where its data are (default: ${DEFAULT-VALUE}).")
  private Path directory;

  @Option(
      names = "--stop",
      description = "Closes the sandbox that another process holds open, and waits until it has.")
  private boolean stop;

  SandboxVerb(Console console) {
    super(console);
  }

  @Override
  ExitCode execute(Console to) throws Exception {
    if (stop) {
      return stop(to);
    }
    try (Sandbox sandbox = Sandbox.open(directory, to::progress)) {
      Map<String, String> connection = new LinkedHashMap<>(sandbox.environment());
      to.result(
          connection,
          "Kafka:      "
              + sandbox.bootstrapServers()
              + "\nPostgreSQL: "
              + sandbox.jdbcUrl()
              + " as "
              + sandbox.user()
              + "\nThe other verbs find it by themselves when they run in this directory. For programs of"
              + " your own:\n  "
              + sandbox.connecting()
              + "\nCtrl-C closes it. From a script: kill "
              + ProcessHandle.current().pid()
              + ", or the same command with --stop, which also waits until it is closed.");
      // A signal ends the process, and the sandbox closes itself then.
      throw new VerbException(
          ExitCode.UNAVAILABLE,
          sandbox.awaitFailure() + ". The sandbox in " + directory + " is closed; its data stay");
    }
  }

  private ExitCode stop(Console to) throws Exception {
    Optional<Long> ended = Sandbox.end(directory);
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("directory", directory.toString());
    said.put("stopped", ended.orElse(null));
    to.result(
        said,
        ended.isPresent()
            ? "the sandbox in " + directory + " is closed; process " + ended.get() + " held it open"
            : "no process holds a sandbox in " + directory + " open");
    return ExitCode.OK;
  }
}
