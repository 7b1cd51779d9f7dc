package dev.crossfade.launcher.exit;

/** A verb cannot do what it was asked to; the message is meant for the person who asked. */
public final class VerbException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  /** Ends the verb with an exit code and a message. */
  public VerbException(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The same, because of another failure. */
  public VerbException(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** What the process ends with. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
