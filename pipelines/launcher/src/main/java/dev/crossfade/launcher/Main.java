package dev.crossfade.launcher;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.scratch.ScratchDirectory;
import dev.crossfade.launcher.verbs.Crossfade;
import java.io.IOException;
import java.util.Locale;

/** The entry point of the shaded jars. */
public final class Main {
  private Main() {}

  /** Runs a verb and ends the process with its exit code. */
  public static void main(String[] args) {
    // Our own code goes by no locale. Kafka's does: with Arabic digits it cannot log in, and with
    // Turkish letters no broker starts.
    Locale.setDefault(Locale.ROOT);
    System.exit(run(args));
  }

  private static int run(String[] args) {
    // First of all: what has asked for the place of temporary files does not ask again.
    ScratchDirectory scratch;
    try {
      scratch = ScratchDirectory.open();
    } catch (IOException e) {
      System.err.println(
          "crossfade: cannot make a directory in "
              + System.getProperty("java.io.tmpdir")
              + " for temporary files: "
              + e);
      return ExitCode.UNAVAILABLE.code();
    }
    try (scratch) {
      return Crossfade.run(args, System.out, System.err, System.getenv());
    }
  }
}
