package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One thing in which two lanes differ. Values are printed exactly: decimals without exponent,
 * points in time in UTC by ISO 8601, texts as they are; a null is a null.
 *
 * @param kind what kind of difference it is
 * @param key the values of the key columns by name, in order
 * @param window the window
 * @param column the column that differs; null unless the kind is {@link Kind#VALUE}
 * @param left its value in the left lane
 * @param right its value in the right lane
 * @param leftRows how many rows the left lane has for the key and the window
 * @param rightRows how many the right one has
 */
public record Difference(
    Kind kind,
    Map<String, String> key,
    EventWindow window,
    String column,
    String left,
    String right,
    long leftRows,
    long rightRows) {

  /** What kind of difference it is. */
  public enum Kind {
    /** Both lanes have the row, and a column has another value. */
    VALUE,
    /** Only the right lane has rows for the key and the window. */
    MISSING_LEFT,
    /** Only the left lane has rows for the key and the window. */
    MISSING_RIGHT,
    /** Both lanes have rows for the key and the window, and not the same number of them. */
    MULTIPLICITY
  }

  /** One line, whatever the values hold. */
  @Override
  public String toString() {
    String address =
        key.entrySet().stream()
                .map(e -> e.getKey() + "=" + quote(e.getValue()))
                .collect(Collectors.joining(", "))
            + " "
            + window
            + ": ";
    return address
        + switch (kind) {
          case VALUE -> column + " is " + quote(left) + " left and " + quote(right) + " right";
          case MISSING_LEFT -> "missing left (right has " + rightRows + ")";
          case MISSING_RIGHT -> "missing right (left has " + leftRows + ")";
          case MULTIPLICITY -> leftRows + " times left and " + rightRows + " times right";
        };
  }

  private static String quote(String value) {
    if (value == null) {
      return "null";
    }
    StringBuilder quoted = new StringBuilder("'");
    value
        .codePoints()
        .forEach(
            c -> {
              if (c == '\'' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
              } else if (Character.getType(c) == Character.CONTROL
                  || Character.getType(c) == Character.FORMAT
                  || Character.getType(c) == Character.LINE_SEPARATOR
                  || Character.getType(c) == Character.PARAGRAPH_SEPARATOR) {
                quoted.append("\\u{").append(Integer.toHexString(c)).append('}');
              } else {
                quoted.appendCodePoint(c);
              }
            });
    return quoted.append('\'').toString();
  }
}
