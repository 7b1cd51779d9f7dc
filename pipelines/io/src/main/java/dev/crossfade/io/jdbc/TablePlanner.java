package dev.crossfade.io.jdbc;

import dev.crossfade.io.jdbc.TablePlan.Division;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.results.SqlName;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out how a table can be divided, and how its rows are addressed. */
final class TablePlanner {
  /** The first version that finds the rows of some pages without reading all of them. */
  private static final int WITH_RANGES_OF_PAGES = 14;

  /** No row is in this page or a later one. */
  private static final String AFTER_LAST_PAGE = "(4294967295,0)";

  private static final String NO_TABLE = "42P01";

  private final Connection connection;
  private final SourceTable table;

  TablePlanner(Connection connection, SourceTable table) {
    this.connection = connection;
    this.table = table;
  }

  /** What PostgreSQL's catalogue says of a relation and of those that are its parts. */
  private record Relation(
      long oid, boolean isPartitioned, boolean isTree, boolean isHeap, long pages) {}

  /** The rows that a query gives, and how each of them is addressed. */
  private record Addressed(List<String> columns, boolean numbered) {}

  /** The plan of a table of PostgreSQL, within the transaction that exported the snapshot. */
  TablePlan planAt(String snapshot) throws SQLException {
    String name = table.sqlName().quotedForPostgres();
    Relation relation = relation(name);
    Addressed addressed = addressed(relation);
    Optional<String> column = table.column().map(SqlName::quotedForPostgres);
    boolean byPages =
        column.isEmpty()
            && relation.isHeap()
            && connection.getMetaData().getDatabaseMajorVersion() >= WITH_RANGES_OF_PAGES;
    return plan(
        name,
        addressed,
        column,
        byPages ? pages(relation.pages()) : List.of(TablePart.WHOLE),
        byPages,
        false,
        snapshot);
  }

  /** The plan of a table of another database. */
  TablePlan planElsewhere() throws SQLException {
    DatabaseMetaData database = connection.getMetaData();
    String quote = database.getIdentifierQuoteString().strip();
    return plan(
        table.sqlName().quotedBy(quote),
        new Addressed(List.of("CAST(? AS INTEGER)"), true),
        table.column().map(column -> column.quotedBy(quote)),
        List.of(TablePart.WHOLE),
        false,
        database.storesUpperCaseIdentifiers(),
        null);
  }

  private TablePlan plan(
      String name,
      Addressed addressed,
      Optional<String> column,
      List<TablePart> parts,
      boolean byPages,
      boolean lowerCase,
      String snapshot)
      throws SQLException {
    ColumnRanges ranges =
        column.isEmpty()
            ? ColumnRanges.ofRows(connection, name)
            : ColumnRanges.of(connection, table, name, column.get());
    Division division =
        byPages ? Division.PAGES : ranges.parts().isEmpty() ? Division.NOTHING : Division.COLUMN;
    return new TablePlan(
        table.name(),
        query(name, addressed, column, division),
        division,
        addressed.numbered() ? 0 : addressed.columns().size(),
        lowerCase,
        division == Division.COLUMN ? ranges.parts() : parts,
        ranges.rows(),
        snapshot);
  }

  /**
   * Has its columns in more than one line. Otherwise Beam 2.70 finds the table's name in it and
   * prints the schema to the standard output, between what is meant for other programs.
   */
  private static String query(
      String name, Addressed addressed, Optional<String> column, Division division) {
    String query =
        "SELECT " + String.join(",\n  ", addressed.columns()) + ",\n  t.*\nFROM " + name + " t";
    String by = "t." + column.orElse("");
    return switch (division) {
      case NOTHING -> query;
      case PAGES -> query + "\nWHERE t.ctid >= ? AND t.ctid < ?";
      case COLUMN ->
          query
              + "\nWHERE ((? = 1 AND "
              + by
              + " IS NULL) OR ((? = 1 OR "
              + by
              + " >= ?) AND (? = 1 OR "
              + by
              + " < ?)))"
              // Numbered alike as long as the rows and their number stay.
              + (addressed.numbered() ? "\nORDER BY " + by : "");
    };
  }

  private Relation relation(String name) throws SQLException {
    long oid;
    String kind;
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT c.oid, c.relkind, c.relnamespace::regnamespace::text, EXISTS (
              SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'lane')
            FROM pg_catalog.pg_class c WHERE c.oid = to_regclass(?)
            """)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new SQLException(
              "there is no table or view "
                  + table.name()
                  + ", or its schema may not be used; a name that is not in quotes is read in"
                  + " lower case",
              NO_TABLE);
        }
        oid = row.getLong(1);
        kind = row.getString(2);
        if (row.getString(3).equals(ResultTable.SCHEMA) && row.getBoolean(4)) {
          requireSchema();
        }
      }
    }
    if (!"rpmvf".contains(kind)) {
      throw new IllegalArgumentException(table.name() + " is neither a table nor a view");
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            WITH RECURSIVE tree (oid) AS (
              SELECT ?::oid
              UNION SELECT i.inhrelid
              FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid
            )
            SELECT count(*) > 1,
              bool_and(c.relkind = 'p' OR (c.relkind IN ('r', 'm') AND am.amname = 'heap')),
              coalesce(max(pg_catalog.pg_relation_size(c.oid)), 0)
                / current_setting('block_size')::bigint
            FROM tree
            JOIN pg_catalog.pg_class c ON c.oid = tree.oid
            LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
            """)) {
      statement.setLong(1, oid);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new Relation(
            oid,
            kind.equals("p"),
            kind.equals("p") || row.getBoolean(1),
            row.getBoolean(2),
            row.getLong(3));
      }
    }
  }

  /**
   * A name without a schema is looked up in that of the user's name first, and a user may be called
   * as the store's schema is, as the sandbox's is, where a flow's results have the flow's name. Who
   * makes a table there without knowing it may read it.
   */
  private void requireSchema() {
    if (table.sqlName().inPostgres().size() == 1) {
      throw new IllegalArgumentException(
          "table: "
              + table.name()
              + " is the store's own "
              + ResultTable.SCHEMA
              + "."
              + table.name()
              + " here; give the schema of the table that is meant, such as public."
              + table.name());
    }
  }

  /** By a key if there is one, else by the place in the table, else by number. */
  private Addressed addressed(Relation relation) throws SQLException {
    // The key of a table with tables below it, other than partitions, is not theirs.
    List<String> key =
        relation.isTree() && !relation.isPartitioned() ? List.of() : key(relation.oid());
    if (!key.isEmpty()) {
      return new Addressed(key, false);
    }
    if (!relation.isHeap()) {
      return new Addressed(List.of("CAST(? AS INTEGER)"), true);
    }
    return new Addressed(
        List.of(relation.isTree() ? "t.tableoid::regclass::text || t.ctid::text" : "t.ctid::text"),
        false);
  }

  /**
   * The columns of the primary key as text, or those of the smallest other key that has a value in
   * each row. A point in time must not depend on the zone of who reads it.
   */
  private List<String> key(long oid) throws SQLException {
    String sql =
        """
        WITH key AS (
          SELECT i.indrelid, i.indkey, i.indnkeyatts
          FROM pg_catalog.pg_index i
          WHERE i.indrelid = ?::oid AND i.indisunique AND i.indisvalid
            AND i.indpred IS NULL AND i.indexprs IS NULL
            AND NOT EXISTS (
              SELECT FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) AND NOT a.attnotnull)
          ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1
        )
        SELECT a.attname, a.atttypid = 'pg_catalog.timestamptz'::regtype
        FROM key CROSS JOIN LATERAL unnest(key.indkey::int2[]) WITH ORDINALITY AS k (attnum, n)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = key.indrelid AND a.attnum = k.attnum
        WHERE k.n <= key.indnkeyatts
        ORDER BY k.n
        """;
    List<String> columns = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, oid);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String column = "t." + SqlName.quote(row.getString(1));
          columns.add(
              row.getBoolean(2)
                  ? "(" + column + " AT TIME ZONE 'UTC')::text || 'Z'"
                  : column + "::text");
        }
      }
    }
    return columns;
  }

  private List<TablePart> pages(long pages) {
    long count = Math.max(1, Math.min(table.partitions(), pages));
    List<TablePart> parts = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      boolean last = i + 1 == count;
      parts.add(
          new TablePart(
              parts.size() + 1,
              "(" + pages * i / count + ",0)",
              last ? AFTER_LAST_PAGE : "(" + pages * (i + 1) / count + ",0)",
              i == 0,
              last));
    }
    return parts;
  }
}
