package dev.crossfade.transforms.results;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/**
 * One column of a result.
 *
 * @param name lower-case SQL identifier
 * @param type the type of its values
 * @param scale digits after the point of a {@link ColumnType#DECIMAL}, 0 for all other types
 */
public record Column(String name, ColumnType type, int scale) implements Serializable {
  /** The most digits a decimal column holds, before and after its point together. */
  public static final int MAX_PRECISION = 38;

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,58}");

  /** Refuses names that SQL would need to quote, and a scale where there is none. */
  public Column {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "column name '" + name + "' is not a lower-case SQL identifier, such as 'late_flights'");
    }
    if (type == ColumnType.DECIMAL ? scale < 0 || scale > MAX_PRECISION : scale != 0) {
      throw new IllegalArgumentException(
          "column '" + name + "' of " + type + " has scale " + scale);
    }
  }

  /** A column of a type without a scale. */
  public static Column of(String name, ColumnType type) {
    return new Column(name, type, 0);
  }

  /** A decimal column with {@code scale} digits after the point. */
  public static Column decimal(String name, int scale) {
    return new Column(name, ColumnType.DECIMAL, scale);
  }

  /** The column's PostgreSQL type, with precision. */
  public String sqlType() {
    return type == ColumnType.DECIMAL
        ? "numeric(" + MAX_PRECISION + ", " + scale + ")"
        : type.sqlName();
  }

  /**
   * The value as this column holds it: decimals with the column's scale, timestamps in whole
   * microseconds.
   *
   * @param value a value or null
   * @throws IllegalArgumentException if the value is of another class, if a decimal would have to
   *     be rounded or has too many digits, or if a text holds U+0000 or half a surrogate pair
   */
  public Object normalize(Object value) {
    if (value == null) {
      return null;
    }
    if (!type.javaType().isInstance(value)) {
      throw new IllegalArgumentException(
          "column '"
              + name
              + "' holds "
              + type.javaType().getSimpleName()
              + ", not "
              + value.getClass().getSimpleName());
    }
    return switch (type) {
      case DECIMAL -> decimal((BigDecimal) value);
      case TIMESTAMP -> ((Instant) value).truncatedTo(ChronoUnit.MICROS);
      case TEXT -> text((String) value);
      case BIGINT, BOOLEAN, DATE -> value;
    };
  }

  private BigDecimal decimal(BigDecimal value) {
    BigDecimal scaled;
    try {
      scaled = value.setScale(scale, RoundingMode.UNNECESSARY);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "column '" + name + "' has " + scale + " fraction digits; " + value + " has more", e);
    }
    if (scaled.precision() > MAX_PRECISION) {
      throw new IllegalArgumentException(
          "column '" + name + "' holds " + MAX_PRECISION + " digits; " + value + " has more");
    }
    return scaled;
  }

  private String text(String value) {
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("column '" + name + "' cannot hold the character U+0000");
    }
    // Encoded as UTF-8, half a pair becomes '?' without a word: another text, here and in the
    // table.
    if (hasHalfAPair(value)) {
      throw new IllegalArgumentException(
          "column '" + name + "' cannot hold half a surrogate pair, which is no character");
    }
    return value;
  }

  private static boolean hasHalfAPair(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (Character.isSurrogate(value.charAt(i))) {
        if (i + 1 == value.length()
            || !Character.isSurrogatePair(value.charAt(i), value.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }
}
