package dev.crossfade.sandbox;

/**
 * The sandbox, or a part of it, cannot be opened or stopped. The message is for the person at the
 * terminal: what is wrong, where, and what would be right.
 */
public final class SandboxException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Something is wrong that no other exception told of. */
  public SandboxException(String message) {
    super(message);
  }

  /** Something is wrong because of another exception. */
  public SandboxException(String message, Throwable cause) {
    super(message, cause);
  }
}
