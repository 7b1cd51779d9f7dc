package dev.crossfade.migration;

import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.results.RowSchema;
import dev.crossfade.transforms.results.SqlName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the rows of one lane are and how to read them: the rows of a lane in a flow's results
 * table, or the table or view that the legacy job fills.
 *
 * <p>A legacy table has the flow's key columns, {@code window_start}, {@code window_end} and its
 * value columns by the same names; other columns are not looked at. Types that hold the same values
 * are read as they are: {@code smallint}, {@code integer} and {@code numeric} for a bigint, those
 * and a {@code numeric} of any precision for a decimal, {@code varchar}, {@code char}, {@code
 * name}, {@code citext} and enumerations for a text, where the blanks that fill up a {@code char}
 * are no part of the value. Domains are what the type below them is. A value that the flow's column
 * could not hold is a difference, never rounded to fit. Types that would need a guess, such as a
 * {@code timestamp} without time zone or a {@code double precision}, are refused.
 */
public final class LaneTable {
  /** The lane of the job that is being replaced. */
  public static final String LEGACY = "legacy";

  private static final Set<String> INTEGERS = Set.of("int2", "int4", "int8", "numeric");

  private static final Map<ColumnType, Set<String>> READABLE =
      Map.of(
          ColumnType.BIGINT, INTEGERS,
          ColumnType.DECIMAL, INTEGERS,
          ColumnType.TEXT, Set.of("text", "varchar", "bpchar", "char", "name", "citext", "enum"),
          ColumnType.BOOLEAN, Set.of("bool"),
          ColumnType.DATE, Set.of("date"),
          ColumnType.TIMESTAMP, Set.of("timestamptz"));

  private final ResultTable resultTable;
  private final String lane;
  private final String schema;
  private final String table;
  private final boolean recordsClosings;
  private final EventWindow closedSpan;

  private LaneTable(
      ResultTable resultTable,
      String lane,
      String schema,
      String table,
      boolean recordsClosings,
      EventWindow closedSpan) {
    this.resultTable = resultTable;
    this.lane = lane;
    this.schema = schema;
    this.table = table;
    this.recordsClosings = recordsClosings;
    this.closedSpan = closedSpan;
  }

  /** A lane of a flow's results table, without its tombstones. */
  public static LaneTable of(ResultTable resultTable, String lane) {
    return new LaneTable(resultTable, lane, ResultTable.SCHEMA, resultTable.name(), true, null);
  }

  /**
   * The table of the legacy job, which records no closings: every window counts as closed, with or
   * without rows, unless the table has no row at all.
   *
   * @param table {@code schema.table}, as SQL would take it
   * @throws IllegalArgumentException if that is no such name, or names the store's own schema
   */
  public static LaneTable legacy(ResultTable resultTable, String table) {
    List<String> name = SqlName.parse(table).inPostgres();
    if (name.size() != 2) {
      throw new IllegalArgumentException(
          "'" + table + "' does not name a schema and a table, such as reports.daily");
    }
    if (name.get(0).equals(ResultTable.SCHEMA)) {
      throw new IllegalArgumentException(
          "'" + table + "' belongs to the store, where all lanes share a table; it is no legacy");
    }
    return new LaneTable(resultTable, LEGACY, name.get(0), name.get(1), false, null);
  }

  /**
   * This legacy lane, where only the windows within a span count as closed: what the job has done
   * so far, if it is still at work or was switched off.
   *
   * @throws IllegalStateException if the lane records its closings itself
   */
  public LaneTable closedWithin(EventWindow span) {
    if (recordsClosings) {
      throw new IllegalStateException("lane '" + lane + "' records which windows it has closed");
    }
    return new LaneTable(resultTable, lane, schema, table, false, span);
  }

  /** The layout of the flow's results. */
  public ResultTable resultTable() {
    return resultTable;
  }

  /** The lane's name. */
  public String lane() {
    return lane;
  }

  /** The table with its schema, as SQL takes it. */
  public String qualifiedName() {
    return Sql.quote(schema) + "." + Sql.quote(table);
  }

  /** Whether the store knows which windows this lane has closed. */
  boolean recordsClosings() {
    return recordsClosings;
  }

  /** The span that counts as closed, if the lane records no closings and not all of it does. */
  Optional<EventWindow> closedSpan() {
    return Optional.ofNullable(closedSpan);
  }

  /**
   * The window in two columns of a row of the lane.
   *
   * @throws StoreException if it is no interval, as a table that somebody else fills may say
   */
  EventWindow window(ResultSet row, int column) throws SQLException {
    Object start = Cells.read(row, column, ColumnType.TIMESTAMP);
    Object end = Cells.read(row, column + 1, ColumnType.TIMESTAMP);
    if (start instanceof Instant from && end instanceof Instant to && from.isBefore(to)) {
      return new EventWindow(from, to);
    }
    throw new StoreException(
        "lane '"
            + lane
            + "' in "
            + qualifiedName()
            + " has rows whose window is no interval: window_start "
            + start
            + ", window_end "
            + end
            + "; correct them, or name a view without them; nothing was compared");
  }

  /** Whether another lane reads the very same rows. */
  boolean readsTheSameAs(LaneTable other) {
    return qualifiedName().equals(other.qualifiedName()) && lane.equals(other.lane);
  }

  /** The key columns, the window's bounds and the value columns. */
  RowSchema columns() {
    List<Column> columns = new ArrayList<>(resultTable.address().columns());
    columns.addAll(resultTable.values().columns());
    return new RowSchema(columns);
  }

  /** How a column is read; {@code ::text} takes the blanks off a {@code char}. */
  static String expression(Column column) {
    return "t." + Sql.quote(column.name()) + (column.type() == ColumnType.TEXT ? "::text" : "");
  }

  /** What comes after {@code SELECT ...}; the values go into the parameters. */
  String from(List<Object> parameters) {
    String from = " FROM " + qualifiedName() + " AS t WHERE ";
    if (!recordsClosings) {
      return from + "true";
    }
    parameters.add(lane);
    return from + "t.lane = ? AND NOT t.tombstone";
  }

  /**
   * Makes sure that the lane can be read.
   *
   * @throws StoreException if there is no such table, or columns are missing or of another type
   */
  void check(Connection connection) throws SQLException {
    Optional<TableShape> shape = TableShape.read(connection, schema, table);
    if (shape.isEmpty() || !shape.get().readable()) {
      String there = shape.map(TableShape::kind).orElse("no table or view");
      throw new StoreException(
          "lane '"
              + lane
              + "' is to be read from "
              + qualifiedName()
              + ", and "
              + there
              + " has that name; "
              + (recordsClosings
                  ? "the first run of flow '" + resultTable.flow() + "' creates the table"
                  : "check the name, which is lower-case unless in quotes"));
    }
    List<Deviation> deviations =
        recordsClosings
            ? shape.get().deviationsForReading(resultTable.columns())
            : legacyDeviations(shape.get());
    if (!deviations.isEmpty()) {
      throw StoreException.shape(
          qualifiedName(),
          deviations,
          recordsClosings
              ? "Alter the table so that it fits; nothing was compared."
              : "Name a view that gives the columns these names and types; nothing was compared.");
    }
  }

  private List<Deviation> legacyDeviations(TableShape shape) {
    List<Deviation> deviations = new ArrayList<>();
    for (Column column : columns().columns()) {
      TableShape.ColumnShape there = shape.columns().get(column.name());
      if (there == null) {
        deviations.add(TableShape.missing(column));
      } else if (!READABLE.get(column.type()).contains(there.typeName())) {
        deviations.add(
            new Deviation(
                "column " + column.name(),
                there.type(),
                column.sqlType() + hint(there.typeName())));
      }
    }
    return Collections.unmodifiableList(deviations);
  }

  private static String hint(String typeName) {
    return switch (typeName) {
      case "timestamp" -> ", such as AT TIME ZONE makes of it, which has to be told the zone";
      case "float4", "float8" -> ": a binary fraction is not exact, and the cast has to be chosen";
      default -> "";
    };
  }
}
