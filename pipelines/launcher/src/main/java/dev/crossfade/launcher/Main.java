package dev.crossfade.launcher;

import dev.crossfade.launcher.verbs.Crossfade;

/** The entry point of the shaded jars. */
public final class Main {
  private Main() {}

  /** Runs a verb and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(Crossfade.run(args, System.out, System.err, System.getenv()));
  }
}
