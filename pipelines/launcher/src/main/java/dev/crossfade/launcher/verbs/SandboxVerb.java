package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.sandbox.Sandbox;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Holds a Kafka broker and a PostgreSQL open until it is told to stop. */
@Command(
    name = "sandbox",
    description =
        "Opens a Kafka broker and a PostgreSQL on free ports of this machine, prints how to connect, and"
            + " holds them open until Ctrl-C. Their data stay in the directory.")
final class SandboxVerb extends Verb {
  /** Where a sandbox lives unless another place is named. */
  static final String DIRECTORY = ".crossfade/sandbox";

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      defaultValue = DIRECTORY,
      description = "Where its data are (default: ${DEFAULT-VALUE}).")
  private Path directory;

  SandboxVerb(Console console) {
    super(console);
  }

  @Override
  ExitCode execute(Console to) throws Exception {
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
              + " your own:\n  . "
              + directory.resolve("sandbox.env")
              + "\nCtrl-C closes it.");
      // Nothing counts this down: the process ends by a signal, and the sandbox closes itself then.
      new CountDownLatch(1).await();
    }
    return ExitCode.INTERRUPTED;
  }
}
