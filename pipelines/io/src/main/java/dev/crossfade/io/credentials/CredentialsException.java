package dev.crossfade.io.credentials;

/** Credentials that a connection needs are not there; says what to set, and no value. */
public final class CredentialsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CredentialsException(String message) {
    super(message);
  }

  CredentialsException(String message, Exception cause) {
    super(message, cause);
  }
}
