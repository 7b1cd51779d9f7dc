package dev.crossfade.migration;

import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Two generated columns of a results table that hold 128 bits of hash over what is compared of a
 * row: key, window and values. PostgreSQL computes them whoever writes the row, and lets nobody
 * write them.
 *
 * <p>A column's own hash in PostgreSQL will not do: that of a {@code bigint} and of a {@code
 * timestamptz} folds 64 bits into 32 before it begins, and that of a {@code numeric} does not see
 * the sign. So the bytes of the values are hashed. And the hash of a record is 31 times that of the
 * columns before plus that of the column, so that in a sum over rows each column could be summed by
 * itself: two rows that swap their values would not show. So the hash is hashed once more.
 *
 * <p>PostgreSQL does not promise the same hashes in its next major version. Hashes of two versions
 * side by side do not agree, and then the rows themselves are read.
 */
final class RowHashes {
  /** The first 64 bits; no flow can have a column of this name. */
  static final String FIRST = "row$hash1";

  /** The other 64 bits. */
  static final String SECOND = "row$hash2";

  // Digits of pi and of e: any other numbers would do.
  private static final List<String> FIRST_SEEDS =
      List.of("3141592653589793238", "4626433832795028");
  private static final List<String> SECOND_SEEDS =
      List.of("2718281828459045235", "3602874713526624");

  private RowHashes() {}

  /** The two columns as {@code CREATE TABLE} and {@code ADD COLUMN} take them. */
  static List<String> definitions(ResultTable table) {
    return List.of(
        definition(FIRST, expression(table, FIRST_SEEDS)),
        definition(SECOND, expression(table, SECOND_SEEDS)));
  }

  private static String definition(String name, String expression) {
    return Sql.quote(name) + " bigint GENERATED ALWAYS AS (" + expression + ") STORED";
  }

  /** In the very words in which PostgreSQL tells it again, but for quotes. */
  private static String expression(ResultTable table, List<String> seeds) {
    List<String> bytes = new ArrayList<>();
    for (Column column : compared(table)) {
      bytes.add(bytes(column));
    }
    return hash("int8send(" + hash(String.join(", ", bytes), seeds.get(0)) + ")", seeds.get(1));
  }

  private static String hash(String columns, String seed) {
    return "hash_record_extended(ROW(" + columns + "), '" + seed + "'::bigint)";
  }

  // A decimal's bytes tell its scale too, and the column's type gives all of them the same one.
  private static String bytes(Column column) {
    String name = Sql.quote(column.name());
    return switch (column.type()) {
      case BIGINT -> "int8send(" + name + ")";
      case DECIMAL -> "numeric_send(" + name + ")";
      case TEXT -> "(" + name + " COLLATE \"C\")";
      case BOOLEAN -> "boolsend(" + name + ")";
      case DATE -> "date_send(" + name + ")";
      case TIMESTAMP -> "timestamptz_send(" + name + ")";
    };
  }

  private static List<Column> compared(ResultTable table) {
    List<Column> columns = new ArrayList<>(table.address().columns());
    columns.addAll(table.values().columns());
    return columns;
  }

  /** Whether a table keeps these hashes, over these columns, and holds each address once. */
  static boolean keptBy(Connection c, ResultTable table) throws SQLException {
    Optional<TableShape> shape = TableShape.read(c, ResultTable.SCHEMA, table.name());
    return shape.isPresent()
        && shape.get().primaryKey().equals(TableShape.primaryKey(table))
        && expressions(c, table)
            .equals(
                List.of(
                    unquoted(expression(table, FIRST_SEEDS)),
                    unquoted(expression(table, SECOND_SEEDS))));
  }

  // PostgreSQL quotes only names that are its words; no name of ours holds a quote.
  private static String unquoted(String expression) {
    return expression.replace("\"", "");
  }

  private static List<String> expressions(Connection c, ResultTable table) throws SQLException {
    return Sql.list(
        c,
        row -> unquoted(row.getString(1)),
        """
        SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid)
        FROM pg_catalog.pg_attrdef d
        JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        WHERE d.adrelid = ?::regclass AND a.attname IN (?, ?) AND a.attgenerated = 's'
        ORDER BY a.attname
        """,
        table.qualifiedName(),
        FIRST,
        SECOND);
  }

  /**
   * Gives a table the columns if it has none, or if they are not over what is compared today, as
   * after a column was added to the flow. All rows are written anew then.
   */
  static void keepIn(Connection c, Statement statement, ResultTable table) throws SQLException {
    Set<String> needed = new HashSet<>();
    for (Column column : compared(table)) {
      needed.add(column.name());
    }
    if (needed.equals(hashed(c, table, FIRST)) && needed.equals(hashed(c, table, SECOND))) {
      return;
    }
    List<String> changes = new ArrayList<>();
    for (String name : List.of(FIRST, SECOND)) {
      changes.add("DROP COLUMN IF EXISTS " + Sql.quote(name));
    }
    for (String definition : definitions(table)) {
      changes.add("ADD COLUMN " + definition);
    }
    statement.execute("ALTER TABLE " + table.qualifiedName() + " " + String.join(", ", changes));
  }

  /** The columns that a generated column is computed of; empty if there is no such column. */
  private static Set<String> hashed(Connection c, ResultTable table, String name)
      throws SQLException {
    return new HashSet<>(
        Sql.list(
            c,
            row -> row.getString(1),
            """
            SELECT o.attname
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            JOIN pg_catalog.pg_depend p ON p.classid = 'pg_catalog.pg_attrdef'::regclass
              AND p.objid = d.oid AND p.refclassid = 'pg_catalog.pg_class'::regclass
            JOIN pg_catalog.pg_attribute o ON o.attrelid = p.refobjid
              AND o.attnum = p.refobjsubid
            WHERE a.attrelid = ?::regclass AND a.attname = ? AND a.attgenerated = 's'
              AND o.attnum <> a.attnum
            """,
            table.qualifiedName(),
            name));
  }
}
