package dev.crossfade.migration;

import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.results.RowSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table as PostgreSQL's catalogue describes it.
 *
 * @param kind what it is, such as {@code a table} or {@code an index}
 * @param readable whether rows can be selected from it
 * @param columns the columns by name, in order
 * @param primaryKey the columns of the primary key in order; empty if there is none
 */
record TableShape(
    String kind, boolean readable, Map<String, ColumnShape> columns, List<String> primaryKey) {

  /**
   * A column of a table.
   *
   * @param type the type with its precision, such as {@code numeric(38,2)}
   * @param typeName the type's internal name without precision, such as {@code bpchar}; of a domain
   *     that of the type below it, and {@code enum} of any enumeration
   * @param notNull whether null is refused
   * @param filled whether an insert that does not name the column finds a value for it
   * @param collation the collation's name, or null if the type has none
   */
  record ColumnShape(
      String type, String typeName, boolean notNull, boolean filled, String collation) {}

  /** What the catalogue says about a relation; empty if there is none of that name. */
  static Optional<TableShape> read(Connection connection, String schema, String table)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT c.oid, c.relkind
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ? AND c.relname = ?
            """)) {
      statement.setString(1, schema);
      statement.setString(2, table);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        long oid = row.getLong(1);
        String kind = row.getString(2);
        return Optional.of(
            new TableShape(
                kindName(kind),
                "rpvmf".contains(kind),
                columns(connection, oid),
                primaryKey(connection, oid)));
      }
    }
  }

  private static String kindName(String relkind) {
    return switch (relkind) {
      case "r", "p" -> "a table";
      case "v" -> "a view";
      case "m" -> "a materialized view";
      case "f" -> "a foreign table";
      case "i", "I" -> "an index";
      case "S" -> "a sequence";
      default -> "a relation of kind " + relkind;
    };
  }

  private static Map<String, ColumnShape> columns(Connection connection, long oid)
      throws SQLException {
    Map<String, ColumnShape> columns = new LinkedHashMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), base.name,
              a.attnotnull, a.atthasdef OR a.attidentity <> '', co.collname
            FROM pg_catalog.pg_attribute a
            CROSS JOIN LATERAL (
              WITH RECURSIVE types (oid) AS (
                SELECT a.atttypid
                UNION SELECT d.typbasetype FROM types JOIN pg_catalog.pg_type d USING (oid)
                WHERE d.typtype = 'd'
              )
              SELECT CASE t.typtype WHEN 'e' THEN 'enum' ELSE t.typname::text END AS name
              FROM types JOIN pg_catalog.pg_type t USING (oid) WHERE t.typtype <> 'd'
            ) AS base
            LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
            WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
            """)) {
      statement.setLong(1, oid);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          columns.put(
              row.getString(1),
              new ColumnShape(
                  row.getString(2),
                  row.getString(3),
                  row.getBoolean(4),
                  row.getBoolean(5),
                  row.getString(6)));
        }
      }
    }
    return columns;
  }

  private static List<String> primaryKey(Connection connection, long oid) throws SQLException {
    List<String> names = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT a.attname
            FROM pg_catalog.pg_index i
            CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE i.indrelid = ?::oid AND i.indisprimary
            ORDER BY k.position
            """)) {
      statement.setLong(1, oid);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          names.add(row.getString(1));
        }
      }
    }
    return names;
  }

  /** The primary key that a results table has to have: lane, key, window. */
  static List<String> primaryKey(ResultTable table) {
    List<String> names = new ArrayList<>(List.of(ResultTable.LANE));
    names.addAll(table.address().names());
    return names;
  }

  /** Whether a column of a results table may hold null: only values may. */
  static boolean mayBeNull(ResultTable table, Column column) {
    return table.values().columns().contains(column);
  }

  /** Whether a column of a results table must sort by its bytes: text of the primary key must. */
  static boolean sortsByBytes(ResultTable table, Column column) {
    return column.type() == ColumnType.TEXT && primaryKey(table).contains(column.name());
  }

  /** Every way in which this table cannot take the rows of a results table. */
  List<Deviation> deviationsForWriting(ResultTable table) {
    if (!kind.equals("a table")) {
      return List.of(new Deviation("the name", kind, "a table"));
    }
    List<Deviation> deviations = deviationsForReading(table.columns());
    for (Column column : table.columns().columns()) {
      ColumnShape there = columns.get(column.name());
      if (there == null) {
        continue;
      }
      boolean mayBeNull = mayBeNull(table, column);
      if (there.notNull() == mayBeNull) {
        deviations.add(
            new Deviation(
                "column " + column.name(),
                mayBeNull ? "NOT NULL" : "a column that takes null",
                mayBeNull ? "a column that takes null" : "NOT NULL"));
      }
      if (sortsByBytes(table, column)
          && there.collation() != null
          && !there.collation().equals("C")) {
        deviations.add(
            new Deviation(
                "column " + column.name(),
                "COLLATE \"" + there.collation() + "\"",
                "COLLATE \"C\""));
      }
    }
    columns.forEach(
        (name, there) -> {
          boolean extra = !table.columns().names().contains(name);
          if (extra && there.notNull() && !there.filled()) {
            deviations.add(
                new Deviation(
                    "column " + name,
                    there.type() + " NOT NULL without a default, which no run fills",
                    "no such column, or one that takes null"));
          }
        });
    List<String> needed = primaryKey(table);
    if (!primaryKey.equals(needed)) {
      deviations.add(
          new Deviation(
              "primary key",
              primaryKey.isEmpty() ? "none" : "(" + String.join(", ", primaryKey) + ")",
              "(" + String.join(", ", needed) + ")"));
    }
    return deviations;
  }

  /** Every way in which these columns cannot be read from this table as they are. */
  List<Deviation> deviationsForReading(RowSchema needed) {
    List<Deviation> deviations = new ArrayList<>();
    for (Column column : needed.columns()) {
      ColumnShape there = columns.get(column.name());
      String type = formatted(column);
      if (there == null) {
        deviations.add(missing(column));
      } else if (!there.type().equals(type)) {
        deviations.add(new Deviation("column " + column.name(), there.type(), type));
      }
    }
    return deviations;
  }

  static Deviation missing(Column column) {
    return new Deviation("column " + column.name(), "no such column", formatted(column));
  }

  // The spelling of PostgreSQL's format_type.
  private static String formatted(Column column) {
    return switch (column.type()) {
      case DECIMAL -> "numeric(" + Column.MAX_PRECISION + "," + column.scale() + ")";
      case TIMESTAMP -> "timestamp with time zone";
      case BIGINT, TEXT, BOOLEAN, DATE -> column.type().sqlName();
    };
  }
}
