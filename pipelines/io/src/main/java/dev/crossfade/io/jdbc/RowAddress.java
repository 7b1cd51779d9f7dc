package dev.crossfade.io.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;

/** What addresses each of the rows that a statement gives, for their origins. */
final class RowAddress {
  private static final char DELETE = 0x7F;
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final ResultSet rows;
  private final int columns;
  private long number;

  /**
   * The addresses of rows.
   *
   * @param columns how many columns they begin with that hold the address; 0 if the first one holds
   *     the number of the part, in which the rows are counted
   */
  RowAddress(ResultSet rows, int columns) {
    this.rows = rows;
    this.columns = columns;
  }

  /** The address of the current row; to be asked once for each row. */
  String next() throws SQLException {
    if (columns == 0) {
      number++;
      return rows.getString(1) + "." + number;
    }
    if (columns == 1) {
      return SqlText.asKey(escaped(rows.getString(1)));
    }
    StringBuilder address = new StringBuilder();
    for (int i = 1; i <= columns; i++) {
      address.append(i == 1 ? "" : ",").append(escaped(rows.getString(i)).replace(",", "%2C"));
    }
    return SqlText.asKey(address.toString());
  }

  /** An origin ends with its address, is cut at the last colon, and stands in one line. */
  private static String escaped(String text) {
    StringBuilder escaped = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isPlain = c >= ' ' && c != ':' && c != '%' && c != DELETE;
      if (!isPlain && escaped == null) {
        escaped = new StringBuilder(text.substring(0, i));
      }
      if (escaped != null) {
        escaped.append(isPlain ? Character.toString(c) : "%" + HEX.toHexDigits((byte) c));
      }
    }
    return escaped == null ? text : escaped.toString();
  }
}
