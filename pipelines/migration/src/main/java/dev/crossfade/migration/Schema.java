package dev.crossfade.migration;

import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ResultTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

/** Creates the store's tables and brings those of an older Crossfade up to today's. */
final class Schema {
  /** The tables that are not a flow's, so that no flow may be called so. */
  private static final Set<String> RESERVED =
      Set.of(
          "schema_versions",
          "runs",
          "closed_windows",
          "dead_letters",
          "dead_letter_runs",
          "late_records",
          "inputs",
          "origin_ledger",
          "window_ledger",
          "window_sources",
          "conflicts",
          "idle_advances",
          "frontiers",
          "quality");

  /** The scripts that lead from nothing to today's schema, the one of version 1 first. */
  private static final List<String> SCRIPTS =
      List.of("schema-1.sql", "schema-2.sql", "schema-3.sql", "schema-4.sql");

  /** Any number would do, if only every caller takes the same one. */
  private static final long PREPARE_LOCK = 0x63726f7373666164L;

  private final Session session;

  Schema(Session session) {
    this.session = session;
  }

  /** As {@link Store#prepare} says. */
  void prepare(ResultTable table) {
    if (RESERVED.contains(table.name())) {
      throw new StoreException(
          "a flow cannot be called '"
              + table.flow()
              + "': "
              + table.qualifiedName()
              + " is a table of the store; give the flow another name");
    }
    session.transaction(
        "preparing flow '" + table.flow() + "'",
        c -> {
          try (Statement statement = c.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '60s'");
            statement.execute("SELECT pg_advisory_xact_lock(" + PREPARE_LOCK + ")");
            applyScripts(c, statement);
            if (TableShape.read(c, ResultTable.SCHEMA, table.name()).isEmpty()) {
              statement.execute(createTable(table));
            }
            List<Deviation> deviations = deviations(c, table);
            if (deviations.equals(List.of(TableShape.missing(duplicates(table))))) {
              addDuplicates(statement, table);
              deviations = deviations(c, table);
            }
            if (!deviations.isEmpty()) {
              throw StoreException.shape(
                  table.qualifiedName(),
                  deviations,
                  "Alter the table so that it fits, or rename it and run again, which creates a"
                      + " new one and computes the lanes from the start. A column whose type is to"
                      + " change is used by the columns row$hash1 and row$hash2: drop these first,"
                      + " and the next run adds them again.");
            }
            if (TableShape.read(c, ResultTable.SCHEMA, windowIndex(table)).isEmpty()) {
              statement.execute(createWindowIndex(table));
            }
            RowHashes.keepIn(c, statement, table);
          }
          return null;
        });
  }

  private static List<Deviation> deviations(Connection c, ResultTable table) throws SQLException {
    return TableShape.read(c, ResultTable.SCHEMA, table.name())
        .orElseThrow()
        .deviationsForWriting(table);
  }

  private void applyScripts(Connection c, Statement statement) throws SQLException {
    // CREATE SCHEMA IF NOT EXISTS asks for the right to create even if there is nothing to create.
    if (TableShape.read(c, ResultTable.SCHEMA, "schema_versions").isEmpty()) {
      boolean schemaMissing;
      try (ResultSet row = statement.executeQuery("SELECT to_regnamespace('crossfade') IS NULL")) {
        row.next();
        schemaMissing = row.getBoolean(1);
      }
      if (schemaMissing) {
        statement.execute("CREATE SCHEMA crossfade");
      }
      statement.execute(
          """
          CREATE TABLE crossfade.schema_versions (
            version int PRIMARY KEY,
            applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
          )
          """);
    }
    int applied;
    try (ResultSet row =
        statement.executeQuery("SELECT coalesce(max(version), 0) FROM crossfade.schema_versions")) {
      row.next();
      applied = row.getInt(1);
    }
    if (applied > SCRIPTS.size()) {
      throw new StoreException(
          "the schema crossfade at "
              + session.database()
              + " has version "
              + applied
              + ", and this Crossfade knows versions up to "
              + SCRIPTS.size()
              + "; use the newer Crossfade that prepared it");
    }
    for (int version = applied + 1; version <= SCRIPTS.size(); version++) {
      statement.execute(script(SCRIPTS.get(version - 1)));
      statement.execute("INSERT INTO crossfade.schema_versions (version) VALUES (" + version + ")");
    }
  }

  private static String script(String name) {
    try (InputStream in = Schema.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String createTable(ResultTable table) {
    StringBuilder sql = new StringBuilder("CREATE TABLE " + table.qualifiedName() + " (\n");
    for (Column column : table.columns().columns()) {
      sql.append("  ").append(Sql.quote(column.name())).append(' ').append(column.sqlType());
      sql.append(TableShape.sortsByBytes(table, column) ? " COLLATE \"C\"" : "");
      sql.append(TableShape.mayBeNull(table, column) ? ",\n" : " NOT NULL,\n");
    }
    for (String hash : RowHashes.definitions(table)) {
      sql.append("  ").append(hash).append(",\n");
    }
    sql.append("  PRIMARY KEY (");
    sql.append(String.join(", ", TableShape.primaryKey(table).stream().map(Sql::quote).toList()));
    return sql.append(")\n)").toString();
  }

  private static Column duplicates(ResultTable table) {
    return table.columns().columns().stream()
        .filter(column -> column.name().equals(ResultTable.DUPLICATES))
        .findFirst()
        .orElseThrow();
  }

  /** Tables of version 1 lack the column; no run of theirs could tell a duplicate. */
  private static void addDuplicates(Statement statement, ResultTable table) throws SQLException {
    String alter = "ALTER TABLE " + table.qualifiedName();
    statement.execute(
        alter + " ADD COLUMN " + ResultTable.DUPLICATES + " bigint NOT NULL DEFAULT 0");
    statement.execute(alter + " ALTER COLUMN " + ResultTable.DUPLICATES + " DROP DEFAULT");
  }

  /** A window's rows are taken out, counted and judged without reading the rest of the lane. */
  private static String createWindowIndex(ResultTable table) {
    return "CREATE INDEX "
        + Sql.quote(windowIndex(table))
        + " ON "
        + table.qualifiedName()
        + " (lane, window_start)";
  }

  /** A name that no flow's table can have. */
  private static String windowIndex(ResultTable table) {
    return table.name() + "$windows";
  }
}
