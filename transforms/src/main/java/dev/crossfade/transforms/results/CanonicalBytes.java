package dev.crossfade.transforms.results;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

/**
 * The bytes that stand for a value, the same on every machine and in every lane. Equal values give
 * equal bytes and different values different ones.
 *
 * <p>Version 1: a null is {@code 00}. Any other value is {@code 01} and then, big-endian: a bigint
 * in 8 bytes; a decimal as its scale and the length of its unscaled value, 4 bytes each, and that
 * value in two's complement, after trailing zeros are stripped; a text as its length in 4 bytes and
 * its UTF-8; a boolean in 1 byte; a date as days since 1970-01-01 in 8 bytes; a timestamp as
 * microseconds since 1970-01-01T00:00Z in 8 bytes. A row is its values in order.
 */
public final class CanonicalBytes {
  /** The version of the layout; it is kept beside whatever was computed from the bytes. */
  public static final int VERSION = 1;

  private CanonicalBytes() {}

  /** The bytes of one value of a type. */
  public static byte[] of(ColumnType type, Object value) {
    ByteBuilder bytes = new ByteBuilder(24);
    write(type, value, bytes);
    return bytes.toByteArray();
  }

  /** The bytes of a row of a schema. */
  public static byte[] of(RowSchema schema, TypedRow row) {
    ByteBuilder bytes = new ByteBuilder(64);
    for (int i = 0; i < schema.size(); i++) {
      write(schema.column(i).type(), row.get(i), bytes);
    }
    return bytes.toByteArray();
  }

  /** Writes the bytes of one value of a type. */
  public static void write(ColumnType type, Object value, ByteBuilder out) {
    if (value == null) {
      out.writeByte(0);
      return;
    }
    out.writeByte(1);
    switch (type) {
      case BIGINT -> out.writeLong((Long) value);
      case DECIMAL -> {
        BigDecimal stripped = ((BigDecimal) value).stripTrailingZeros();
        byte[] unscaled = stripped.unscaledValue().toByteArray();
        out.writeInt(stripped.scale());
        out.writeBytes(unscaled);
      }
      case TEXT -> out.writeText((String) value);
      case BOOLEAN -> out.writeBoolean((Boolean) value);
      case DATE -> out.writeLong(((LocalDate) value).toEpochDay());
      case TIMESTAMP -> out.writeLong(microseconds((Instant) value));
    }
  }

  // ChronoUnit.MICROS.between goes through nanoseconds and overflows 292 years from 1970, well
  // before the 9999-12-31 that many systems write for "never".
  private static long microseconds(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000), instant.getNano() / 1000);
  }
}
