package dev.crossfade.io;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Failures as text. */
public final class Failures {
  private Failures() {}

  /** All that a failure says, with its causes and stack traces: what a log would hold. */
  public static String textOf(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
