package dev.crossfade.transforms.results;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
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

  private static final int MOST_SHOWN = 60;

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
   * @throws IllegalArgumentException if the column cannot hold it, with the reason that {@link
   *     #misfit} gives
   */
  public Object normalize(Object value) {
    if (value == null) {
      return null;
    }
    String misfit = misfit(value);
    if (misfit != null) {
      throw new IllegalArgumentException(misfit);
    }
    return switch (type) {
      case DECIMAL -> Decimals.withScale((BigDecimal) value, scale);
      case TIMESTAMP -> ((Instant) value).truncatedTo(ChronoUnit.MICROS);
      case TEXT, BIGINT, BOOLEAN, DATE -> value;
    };
  }

  /**
   * Why this column cannot hold a value: it is of another class or beyond the bounds of the {@link
   * ColumnType}, or it is a decimal that would have to be rounded.
   *
   * @param value a value or null
   * @return the reason, or null if it can
   */
  public String misfit(Object value) {
    if (value == null) {
      return null;
    }
    if (!type.javaType().isInstance(value)) {
      return "column '"
          + name
          + "' holds "
          + type.javaType().getSimpleName()
          + ", not "
          + value.getClass().getSimpleName();
    }
    return switch (type) {
      case DECIMAL -> misfitOf((BigDecimal) value);
      case TIMESTAMP -> misfitOf((Instant) value);
      case TEXT -> misfitOf((String) value);
      case DATE -> misfitOf((LocalDate) value);
      case BIGINT, BOOLEAN -> null;
    };
  }

  private String misfitOf(BigDecimal value) {
    if (Decimals.hasMoreFractionDigits(value, scale)) {
      return "column '"
          + name
          + "' has "
          + scale
          + " fraction digits; "
          + shown(value)
          + " has more";
    }
    if (Decimals.wholeDigits(value) + scale > MAX_PRECISION) {
      return "column '"
          + name
          + "' holds "
          + MAX_PRECISION
          + " digits, "
          + scale
          + " of them after the point; "
          + shown(value)
          + " has more";
    }
    return null;
  }

  private String misfitOf(LocalDate value) {
    return value.isBefore(ColumnType.FIRST_DATE) || value.isAfter(ColumnType.LAST_DATE)
        ? beyond("dates", ColumnType.FIRST_DATE, ColumnType.LAST_DATE, value)
        : null;
  }

  private String misfitOf(Instant value) {
    // What is cut off of the last microsecond is no reason to refuse it.
    return value.isBefore(ColumnType.FIRST_TIMESTAMP)
            || value.getEpochSecond() > ColumnType.LAST_TIMESTAMP.getEpochSecond()
        ? beyond("times", ColumnType.FIRST_TIMESTAMP, ColumnType.LAST_TIMESTAMP, value)
        : null;
  }

  private String beyond(String what, Object first, Object last, Object value) {
    return "column '"
        + name
        + "' holds "
        + what
        + " from "
        + first
        + " to "
        + last
        + ", not "
        + value;
  }

  private String misfitOf(String value) {
    if (value.indexOf('\0') >= 0) {
      return "column '" + name + "' cannot hold the character U+0000";
    }
    // Encoded as UTF-8, half a pair becomes '?' without a word: another text, here and in the
    // table.
    if (Surrogates.hasHalfAPair(value)) {
      return "column '" + name + "' cannot hold half a surrogate pair, which is no character";
    }
    if (value.length() > ColumnType.MAX_TEXT_LENGTH) {
      return "column '"
          + name
          + "' holds "
          + ColumnType.MAX_TEXT_LENGTH
          + " characters; a text that begins with '"
          + shown(value)
          + "' has "
          + value.length();
    }
    return null;
  }

  private static String shown(Object value) {
    String text = value.toString();
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
  }
}
