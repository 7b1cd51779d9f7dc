package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How Java's values and names become PostgreSQL's and back. */
final class Sql {
  private Sql() {}

  /** An identifier in quotes, so that a column may be called {@code order}. */
  static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /**
   * The parts of a dotted name as PostgreSQL reads it: without quotes in lower case, within quotes
   * as it stands.
   *
   * @throws IllegalArgumentException if it is no such name
   */
  static List<String> identifiers(String dotted) {
    List<String> parts = new ArrayList<>();
    int at = 0;
    while (true) {
      StringBuilder part = new StringBuilder();
      if (at < dotted.length() && dotted.charAt(at) == '"') {
        at = readQuoted(dotted, at + 1, part);
      } else {
        while (at < dotted.length() && isPlain(dotted.charAt(at), part.isEmpty())) {
          part.append(dotted.charAt(at++));
        }
        part.replace(0, part.length(), part.toString().toLowerCase(Locale.ROOT));
      }
      if (part.isEmpty() || (at < dotted.length() && dotted.charAt(at) != '.')) {
        throw new IllegalArgumentException("'" + dotted + "' is not a name such as schema.table");
      }
      parts.add(part.toString());
      if (at == dotted.length()) {
        return parts;
      }
      at++;
    }
  }

  private static int readQuoted(String dotted, int from, StringBuilder part) {
    int at = from;
    while (at < dotted.length()) {
      char c = dotted.charAt(at++);
      if (c != '"') {
        part.append(c);
      } else if (at < dotted.length() && dotted.charAt(at) == '"') {
        part.append(c);
        at++;
      } else {
        return at;
      }
    }
    throw new IllegalArgumentException("'" + dotted + "' has a quote that is not closed");
  }

  private static boolean isPlain(char c, boolean first) {
    return c == '_' || Character.isLetter(c) || (!first && (Character.isDigit(c) || c == '$'));
  }

  /** Sets the parameters from 1 on; instants as {@code timestamptz}. */
  static void bind(PreparedStatement statement, List<Object> parameters) throws SQLException {
    for (int i = 0; i < parameters.size(); i++) {
      Object value = parameters.get(i);
      statement.setObject(i + 1, value instanceof Instant at ? at.atOffset(ZoneOffset.UTC) : value);
    }
  }

  /** The point in time in a column, or null. Infinite ones are the caller's to refuse. */
  static Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  /** The window in two columns, of which the table promises that they hold one. */
  static EventWindow window(ResultSet row, int column) throws SQLException {
    return new EventWindow(instant(row, column), instant(row, column + 1));
  }
}
