package dev.crossfade.transforms.results;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A fingerprint of a multiset of rows: how many there are, and the sum modulo 2<sup>128</sup> of
 * the first 128 bits of each row's SHA-256. Order does not matter and multiplicity does: addition,
 * unlike XOR, does not let a pair of equal rows cancel out.
 *
 * @param count how many rows were added
 * @param high the upper 64 bits of the sum
 * @param low the lower 64 bits of the sum
 */
public record Digest(long count, long high, long low) implements Serializable {
  /** The digest of no rows. */
  public static final Digest EMPTY = new Digest(0, 0, 0);

  private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Digest::sha256);

  /** This digest with one more row, given by its canonical bytes. */
  public Digest plus(byte[] canonicalBytes) {
    ByteBuffer hash = ByteBuffer.wrap(SHA_256.get().digest(canonicalBytes));
    return plus(new Digest(1, hash.getLong(), hash.getLong()));
  }

  /** The digest of the rows of both. */
  public Digest plus(Digest other) {
    long sum = low + other.low;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    return new Digest(count + other.count, high + other.high + carry, sum);
  }

  /** The count and the sum in hexadecimal, such as {@code 16391:0f3a…}. */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return count + ":" + hex.toHexDigits(high) + hex.toHexDigits(low);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
