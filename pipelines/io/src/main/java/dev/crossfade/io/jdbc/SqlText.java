package dev.crossfade.io.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Text of records as a column can hold it. */
final class SqlText {
  /** Several columns of this size, and some smaller ones, fit into one entry of an index. */
  private static final int MAX_KEY_BYTES = 1_000;

  private static final int SHOWN_CHARACTERS = 200;

  private SqlText() {}

  /** The text without the one character that SQL cannot store; the record's bytes have it. */
  static String of(String text) {
    return text.replace("\0", "\\u0000");
  }

  /**
   * The text as a part of a key: one that no index would take stands with its beginning and a
   * digest, since a record must not fail a run by its size.
   */
  static String asKey(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    if (bytes.length <= MAX_KEY_BYTES) {
      return of(text);
    }
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return of(text.substring(0, SHOWN_CHARACTERS)) + "\u2026" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
