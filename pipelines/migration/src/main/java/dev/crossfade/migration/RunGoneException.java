package dev.crossfade.migration;

/**
 * A process writes as a run that is not its own any more: the run has ended, or another process has
 * started it again or begun a later one. Nothing of the write is left. The message says who
 * computes the lane now. Trying again does not help.
 */
public final class RunGoneException extends StoreException {
  private static final long serialVersionUID = 1L;

  /** What the store's function {@code fence} fails with. */
  static final String STATE = "ZR001";

  RunGoneException(String message) {
    super(message);
  }
}
