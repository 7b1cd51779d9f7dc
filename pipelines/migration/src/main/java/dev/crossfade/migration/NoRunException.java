package dev.crossfade.migration;

/** There is no run that could be resumed or stopped, and asking again will not bring one. */
public final class NoRunException extends StoreException {
  private static final long serialVersionUID = 1L;

  NoRunException(String message) {
    super(message);
  }
}
