package dev.crossfade.transforms.records;

/**
 * A record's bytes do not say what the event's type needs; the message says what is wrong with
 * them.
 */
public final class UndecodableException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Without a stack trace: it is thrown once per bad record, and where it comes from says nothing.
   */
  public UndecodableException(String message) {
    super(message, null, false, false);
  }
}
