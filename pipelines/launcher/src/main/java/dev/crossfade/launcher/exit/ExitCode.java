package dev.crossfade.launcher.exit;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What every verb tells a scheduler. One table for all of them. */
public enum ExitCode {
  /** The verb did what it was asked to; lanes that were compared are equal. */
  OK(0, "done; lanes that were compared are equal"),
  /** The lanes differ. */
  DIFFERENT(1, "the lanes differ"),
  /** The command line or the settings are wrong. Trying again does not help. */
  USAGE(2, "the command line, the settings or the flow are wrong; trying again does not help"),
  /**
   * A database, a broker, a topic or an input is not there or empty, or output has no room. Trying
   * again may help.
   */
  UNAVAILABLE(
      3,
      "a database, a broker, a topic or a file is not there, an input holds nothing, or output"
          + " cannot be written; trying again may help"),
  /** The pipeline failed while it ran. */
  FAILED(4, "the pipeline failed while it ran, or could process none of its input"),
  /** Nothing was found to differ, but there was nothing to judge by, or not all can be judged. */
  INCONCLUSIVE(5, "inconclusive: there was nothing to judge by, or a part that cannot be judged"),
  /** Another run computes the same windows of the lane, or has taken this one's place. */
  BUSY(
      6,
      "another run is at work on the same windows, or has taken this one's place; trying again"
          + " later may help"),
  /** Records are unaccounted for. */
  UNBALANCED(7, "a ledger has a remainder: records are unaccounted for"),
  /** A defect of Crossfade. */
  INTERNAL(70, "a defect of Crossfade; please report it with the stack trace"),
  /**
   * Stopped by Ctrl-C. The virtual machine ends by itself with this code, and with others after
   * other signals.
   */
  INTERRUPTED(130, "stopped by Ctrl-C (SIGINT); by SIGTERM it is 143, by SIGHUP 129");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The number that the process ends with. */
  public int code() {
    return code;
  }

  /** The table of all codes, one a line, as {@code --help} prints it. */
  public static String table() {
    return Arrays.stream(values())
        .map(exit -> String.format(Locale.ROOT, "%5d  %s", exit.code, exit.meaning))
        .collect(Collectors.joining("%n"));
  }
}
