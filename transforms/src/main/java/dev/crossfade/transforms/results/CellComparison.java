package dev.crossfade.transforms.results;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

/**
 * When two cells of a column are equal, and which of two comes first. Every type is exact, so there
 * is no tolerance: two decimals are equal if they are the same number, whatever their fraction
 * digits, and anything else if it is the same value. A null equals a null, and nothing else.
 *
 * <p>The order is the one in which PostgreSQL sorts: nulls last, and text by its code points, as
 * the collation {@code "C"} does in a UTF-8 database. {@link String#compareTo} is another order: it
 * puts U+1F600, whose first UTF-16 unit is D83D, before U+FF61.
 */
public final class CellComparison {
  private CellComparison() {}

  /** Whether two values of a type, either of which may be null, are equal. */
  public static boolean equal(ColumnType type, Object left, Object right) {
    return compare(type, left, right) == 0;
  }

  /**
   * Less than 0, 0 or more than 0, as {@code left} sorts before {@code right}, is equal to it, or
   * sorts after it.
   *
   * @throws ClassCastException if a value is not of the type's Java class
   */
  public static int compare(ColumnType type, Object left, Object right) {
    if (left == null || right == null) {
      return Boolean.compare(left == null, right == null);
    }
    return switch (type) {
      case BIGINT -> Long.compare((Long) left, (Long) right);
      case DECIMAL -> ((BigDecimal) left).compareTo((BigDecimal) right);
      case TEXT -> byCodePoint((String) left, (String) right);
      case BOOLEAN -> Boolean.compare((Boolean) left, (Boolean) right);
      case DATE -> ((LocalDate) left).compareTo((LocalDate) right);
      case TIMESTAMP -> ((Instant) left).compareTo((Instant) right);
    };
  }

  private static int byCodePoint(String left, String right) {
    int common = Math.min(left.length(), right.length());
    for (int i = 0; i < common; i++) {
      char l = left.charAt(i);
      char r = right.charAt(i);
      if (l != r) {
        // A surrogate belongs to a code point above all those that take one unit.
        boolean leftAbove = Character.isSurrogate(l);
        boolean rightAbove = Character.isSurrogate(r);
        return leftAbove == rightAbove
            ? Character.compare(l, r)
            : Boolean.compare(leftAbove, rightAbove);
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
