package dev.crossfade.io.jdbc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Writes rows as JSON objects. What JSON has no notation for is a text: times by ISO 8601, numbers
 * that are none, and every type that it does not know, as the database prints it. The blanks that
 * fill up a {@code char(n)} are no part of its value.
 */
final class RowWriter {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

  private final ResultSet rows;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
  private final int before;
  private final String[] names;
  private final Kind[] kinds;

  /** How the values of a column are written. */
  private enum Kind {
    INTEGER,
    NUMBER,
    BOOLEAN,
    DATE,
    LOCAL_TIME,
    INSTANT,
    FILLED_TEXT,
    TEXT
  }

  /**
   * Writes the rows of a result set.
   *
   * @param before how many columns at the beginning are left out
   * @param lowerCase whether a name all in upper case is written in lower case
   */
  RowWriter(ResultSet rows, int before, boolean lowerCase) throws SQLException {
    this.rows = rows;
    this.before = before;
    ResultSetMetaData columns = rows.getMetaData();
    this.names = new String[columns.getColumnCount() - before];
    this.kinds = new Kind[names.length];
    for (int i = 0; i < names.length; i++) {
      int index = before + i + 1;
      String label = columns.getColumnLabel(index);
      boolean isUpper = label.equals(label.toUpperCase(Locale.ROOT));
      names[i] = lowerCase && isUpper ? label.toLowerCase(Locale.ROOT) : label;
      kinds[i] = kind(columns.getColumnType(index), columns.getColumnTypeName(index));
    }
  }

  private static Kind kind(int type, String typeName) {
    return switch (type) {
      case Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.TINYINT -> Kind.INTEGER;
      case Types.NUMERIC, Types.DECIMAL -> Kind.NUMBER;
      case Types.BOOLEAN -> Kind.BOOLEAN;
      // PostgreSQL's driver calls both a boolean and a string of bits a BIT.
      case Types.BIT -> typeName.equals("bool") ? Kind.BOOLEAN : Kind.TEXT;
      case Types.DATE -> Kind.DATE;
      case Types.TIMESTAMP_WITH_TIMEZONE -> Kind.INSTANT;
      // PostgreSQL's driver calls both kinds a TIMESTAMP; the name tells them apart.
      case Types.TIMESTAMP -> typeName.equals("timestamptz") ? Kind.INSTANT : Kind.LOCAL_TIME;
      // PostgreSQL's "char", which its catalogue is made of, is one byte and never filled up.
      case Types.CHAR, Types.NCHAR -> typeName.equals("char") ? Kind.TEXT : Kind.FILLED_TEXT;
      default -> Kind.TEXT;
    };
  }

  /** The current row. */
  byte[] write() throws SQLException, IOException {
    bytes.reset();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      for (int i = 0; i < names.length; i++) {
        json.writeFieldName(names[i]);
        writeValue(before + i + 1, kinds[i], json);
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private void writeValue(int index, Kind kind, JsonGenerator json)
      throws SQLException, IOException {
    switch (kind) {
      case INTEGER -> {
        long value = rows.getLong(index);
        if (rows.wasNull()) {
          json.writeNull();
        } else {
          json.writeNumber(value);
        }
      }
      case NUMBER -> {
        // NaN and the infinities are numbers in PostgreSQL and nowhere else.
        String text = rows.getString(index);
        if (text != null && NUMBER.matcher(text).matches()) {
          json.writeNumber(text);
        } else {
          json.writeString(text);
        }
      }
      case BOOLEAN -> {
        boolean value = rows.getBoolean(index);
        if (rows.wasNull()) {
          json.writeNull();
        } else {
          json.writeBoolean(value);
        }
      }
      case DATE -> {
        LocalDate date = rows.getObject(index, LocalDate.class);
        writeText(date, LocalDate.MIN, LocalDate.MAX, json);
      }
      case LOCAL_TIME -> {
        LocalDateTime time = rows.getObject(index, LocalDateTime.class);
        writeText(time, LocalDateTime.MIN, LocalDateTime.MAX, json);
      }
      case INSTANT -> {
        OffsetDateTime time = rows.getObject(index, OffsetDateTime.class);
        if (time == null || time.equals(OffsetDateTime.MIN) || time.equals(OffsetDateTime.MAX)) {
          writeText(time, OffsetDateTime.MIN, OffsetDateTime.MAX, json);
        } else {
          json.writeString(time.toInstant().toString());
        }
      }
      case FILLED_TEXT -> json.writeString(withoutBlanksAtEnd(rows.getString(index)));
      case TEXT -> json.writeString(rows.getString(index));
    }
  }

  /**
   * A value that is null is written as null. PostgreSQL's driver gives the first and the last day
   * of Java's calendar for the two infinities.
   */
  private static void writeText(Object value, Object first, Object last, JsonGenerator json)
      throws IOException {
    if (value == null) {
      json.writeNull();
    } else {
      json.writeString(
          value.equals(first) ? "-infinity" : value.equals(last) ? "infinity" : value.toString());
    }
  }

  private static String withoutBlanksAtEnd(String text) {
    if (text == null) {
      return null;
    }
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(0, end);
  }
}
