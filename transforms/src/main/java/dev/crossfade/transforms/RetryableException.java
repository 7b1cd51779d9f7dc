package dev.crossfade.transforms;

/**
 * Thrown by a flow's functions where the very same event may be computed at another time. The event
 * becomes a dead letter all the same, marked as one that is worth replaying as it is.
 */
public final class RetryableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says why the event cannot be computed now. */
  public RetryableException(String message) {
    super(message);
  }
}
