package dev.crossfade.transforms.records;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of one record, immutable and equal if the bytes are. */
public final class RecordBytes implements Serializable {
  private static final long serialVersionUID = 1L;

  private final byte[] bytes;

  private RecordBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of a part of an array. */
  public static RecordBytes copyOf(byte[] from, int offset, int length) {
    return new RecordBytes(Arrays.copyOfRange(from, offset, offset + length));
  }

  /** A copy of an array. */
  public static RecordBytes copyOf(byte[] from) {
    return new RecordBytes(from.clone());
  }

  /** How many bytes there are. */
  public int length() {
    return bytes.length;
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordBytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The bytes as UTF-8 text, for people; bytes that are none show as U+FFFD. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
