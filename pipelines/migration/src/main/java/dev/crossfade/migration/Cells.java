package dev.crossfade.migration;

import dev.crossfade.transforms.results.CanonicalBytes;
import dev.crossfade.transforms.results.CellComparison;
import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ColumnType;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * Cells as tables hold them. A table can hold more than its column's type admits: {@code NaN},
 * infinite points in time, and, in the table of a legacy job, a fraction where an integer is meant.
 * Nothing of this is rounded, cut or refused: it is a value of its own that equals only its like,
 * so that it shows up as the difference that it is.
 */
final class Cells {
  private static final BigDecimal MIN_BIGINT = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MAX_BIGINT = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final int NULL_RANK = 3;

  private Cells() {}

  /**
   * A value outside its column's type.
   *
   * @param rank where it sorts: -1 before all values, 0 among them, 1 and 2 after them
   * @param number the number, if it is one that sorts among the values; null otherwise
   * @param text how it is printed
   */
  record Unfit(int rank, BigDecimal number, String text) {
    static final Unfit MINUS_INFINITY = new Unfit(-1, null, "-infinity");
    static final Unfit INFINITY = new Unfit(1, null, "infinity");
    static final Unfit NAN = new Unfit(2, null, "NaN");

    @Override
    public String toString() {
      return text;
    }
  }

  /** The value of a column in the current row; null, of the type's Java class, or {@link Unfit}. */
  static Object read(ResultSet row, int index, ColumnType type) throws SQLException {
    return switch (type) {
      case BIGINT -> bigint(row.getObject(index));
      case DECIMAL -> decimal(row.getObject(index));
      case TEXT -> row.getString(index);
      case BOOLEAN -> row.getObject(index, Boolean.class);
      case DATE -> date(row.getObject(index, LocalDate.class));
      case TIMESTAMP -> timestamp(row.getObject(index, OffsetDateTime.class));
    };
  }

  private static Object bigint(Object value) {
    Object exact = decimal(value);
    if (!(exact instanceof BigDecimal number)) {
      return exact;
    }
    boolean fits =
        number.stripTrailingZeros().scale() <= 0
            && number.compareTo(MIN_BIGINT) >= 0
            && number.compareTo(MAX_BIGINT) <= 0;
    return fits
        ? (Object) number.longValueExact()
        : new Unfit(0, number, number.stripTrailingZeros().toPlainString());
  }

  // The driver gives NaN and the infinities as doubles, and everything else exactly.
  private static Object decimal(Object value) {
    if (value == null || value instanceof BigDecimal) {
      return value;
    }
    if (value instanceof Double special) {
      return special.isNaN() ? Unfit.NAN : special > 0 ? Unfit.INFINITY : Unfit.MINUS_INFINITY;
    }
    return BigDecimal.valueOf(((Number) value).longValue());
  }

  private static Object date(LocalDate value) {
    return LocalDate.MAX.equals(value)
        ? Unfit.INFINITY
        : LocalDate.MIN.equals(value) ? Unfit.MINUS_INFINITY : value;
  }

  private static Object timestamp(OffsetDateTime value) {
    return value == null
        ? null
        : value.equals(OffsetDateTime.MAX)
            ? Unfit.INFINITY
            : value.equals(OffsetDateTime.MIN) ? Unfit.MINUS_INFINITY : value.toInstant();
  }

  /** Whether two cells of a type are equal. */
  static boolean equal(ColumnType type, Object left, Object right) {
    return compare(type, left, right) == 0;
  }

  /** The order in which PostgreSQL sorts two cells of a type, text by {@code COLLATE "C"}. */
  static int compare(ColumnType type, Object left, Object right) {
    int rank = rank(left);
    int byRank = Integer.compare(rank, rank(right));
    if (byRank != 0 || rank != 0) {
      return byRank;
    }
    return left instanceof Unfit || right instanceof Unfit
        ? number(left).compareTo(number(right))
        : CellComparison.compare(type, left, right);
  }

  private static int rank(Object value) {
    return value == null ? NULL_RANK : value instanceof Unfit unfit ? unfit.rank() : 0;
  }

  private static BigDecimal number(Object value) {
    return value instanceof Unfit unfit ? unfit.number() : BigDecimal.valueOf((Long) value);
  }

  /**
   * The first difference between two lists of cells in their columns' order; 0 if there is none.
   */
  static int compare(List<Column> columns, List<Object> left, List<Object> right) {
    for (int i = 0; i < left.size(); i++) {
      int order = compare(columns.get(i).type(), left.get(i), right.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /**
   * Adds the bytes that stand for a cell: its canonical bytes, or, for a value outside its column's
   * type, {@code 02} and then the length in 4 bytes and the UTF-8 of how it is printed.
   */
  static void write(ColumnType type, Object value, ByteArrayOutputStream out) {
    if (value instanceof Unfit unfit) {
      byte[] text = unfit.text().getBytes(StandardCharsets.UTF_8);
      out.write(2);
      out.writeBytes(ByteBuffer.allocate(4).putInt(text.length).array());
      out.writeBytes(text);
    } else {
      out.writeBytes(CanonicalBytes.of(type, value));
    }
  }

  /** The exact value, or null: decimals without exponent, points in time in UTC by ISO 8601. */
  static String print(Object value) {
    return value == null
        ? null
        : value instanceof BigDecimal number ? number.toPlainString() : value.toString();
  }
}
