package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.SqlName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** How Java's values and names become PostgreSQL's and back. */
final class Sql {
  private static final int FETCH_SIZE = 10_000;

  private Sql() {}

  /** An identifier in quotes, so that a column may be called {@code order}. */
  static String quote(String identifier) {
    return SqlName.quote(identifier);
  }

  /** Sets the parameters from 1 on; instants as {@code timestamptz}. */
  static void bind(PreparedStatement statement, List<Object> parameters) throws SQLException {
    for (int i = 0; i < parameters.size(); i++) {
      Object value = parameters.get(i);
      statement.setObject(i + 1, value instanceof Instant at ? at.atOffset(ZoneOffset.UTC) : value);
    }
  }

  /** A point in time as PostgreSQL reads it, which has no sign before a year of five digits. */
  static String text(Instant at) {
    int year = at.atOffset(ZoneOffset.UTC).getYear();
    String text = at.toString();
    return year > 0
        ? text.replace("+", "")
        : String.format(Locale.ROOT, "%04d%s BC", 1 - year, text.substring(text.indexOf('-', 1)));
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

  /** The window in two columns that are both null or hold one. */
  static Optional<EventWindow> optionalWindow(ResultSet row, int column) throws SQLException {
    return instant(row, column) == null ? Optional.empty() : Optional.of(window(row, column));
  }

  /** The number in a column that may be null. */
  static OptionalLong optionalLong(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /** Texts as one parameter; PostgreSQL makes of it an array of any type that reads them. */
  static Array array(Connection c, Collection<String> texts) throws SQLException {
    return c.createArrayOf("text", texts.toArray());
  }

  /** The number that a query gives in its first column and row. */
  static long number(Connection c, String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = c.prepareStatement(sql)) {
      bind(statement, Arrays.asList(parameters));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** Whether the condition that a query gives in its first column and row holds. */
  static boolean test(Connection c, String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = c.prepareStatement(sql)) {
      bind(statement, Arrays.asList(parameters));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  /** Changes rows and gives their number. */
  static long update(Connection c, String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = c.prepareStatement(sql)) {
      bind(statement, Arrays.asList(parameters));
      return statement.executeLargeUpdate();
    }
  }

  /** Every row of a query, each made into something. */
  static <T> List<T> list(Connection c, RowReader<T> reader, String sql, Object... parameters)
      throws SQLException {
    List<T> rows = new ArrayList<>();
    try (PreparedStatement statement = c.prepareStatement(sql)) {
      bind(statement, Arrays.asList(parameters));
      statement.setFetchSize(FETCH_SIZE);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows.add(reader.read(row));
        }
      }
    }
    return rows;
  }

  /** What is made of the current row. */
  @FunctionalInterface
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }
}
