package dev.crossfade.transforms.results;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The layout of a flow's results: which columns the table of its lanes has, in this order: {@code
 * lane}, the key columns, {@code window_start}, {@code window_end}, the value columns, {@code
 * folded}, {@code duplicates}, {@code tombstone}, {@code run}. The primary key is lane, key and
 * window, so that no lane ever overwrites another.
 *
 * @param flow the flow's name
 * @param key the key columns
 * @param values the value columns
 */
public record ResultTable(String flow, RowSchema key, RowSchema values) implements Serializable {
  /** The database schema that holds everything Crossfade writes. */
  public static final String SCHEMA = "crossfade";

  /** The lane that wrote the row. */
  public static final String LANE = "lane";

  /** First instant of the window. */
  public static final String WINDOW_START = "window_start";

  /** First instant after the window. */
  public static final String WINDOW_END = "window_end";

  /**
   * Events folded into the row; with {@link #DUPLICATES} the second part of its {@link Version}.
   */
  public static final String FOLDED = "folded";

  /** Events that were not folded, since they repeat others. */
  public static final String DUPLICATES = "duplicates";

  /** Whether the row stands for no row. */
  public static final String TOMBSTONE = "tombstone";

  /** The run that wrote the row, the first part of its {@link Version}. */
  public static final String RUN = "run";

  private static final List<String> RESERVED =
      List.of(LANE, WINDOW_START, WINDOW_END, FOLDED, DUPLICATES, TOMBSTONE, RUN);
  private static final Pattern FLOW = Pattern.compile("[a-z][a-z0-9-]{0,49}");

  /** Refuses a flow name that makes no table name, and columns that clash. */
  public ResultTable {
    if (!FLOW.matcher(flow).matches()) {
      throw new IllegalArgumentException(
          "flow name '" + flow + "' is not lower-case letters, digits and dashes");
    }
    if (key.size() == 0) {
      throw new IllegalArgumentException("flow '" + flow + "' has no key column");
    }
    List<Column> all = new ArrayList<>(key.columns());
    all.addAll(values.columns());
    for (String name : new RowSchema(all).names()) {
      if (RESERVED.contains(name)) {
        throw new IllegalArgumentException(
            "flow '" + flow + "' names a column '" + name + "'; reserved are " + RESERVED);
      }
    }
  }

  /**
   * The lane under which a run keeps its rows until it is done, when they are put in the place of
   * the lane's own at once. Nobody reads it.
   */
  public static String stagingLane(String lane, long run) {
    return lane + "~" + run;
  }

  /** The unqualified table name, which a flow's name gives without ambiguity. */
  public String name() {
    return flow.replace('-', '_');
  }

  /** The table name with its schema, as SQL takes it. */
  public String qualifiedName() {
    return SCHEMA + "." + name();
  }

  /** The columns of the address without the lane: key columns, then the window's bounds. */
  public RowSchema address() {
    List<Column> columns = new ArrayList<>(key.columns());
    columns.add(Column.of(WINDOW_START, ColumnType.TIMESTAMP));
    columns.add(Column.of(WINDOW_END, ColumnType.TIMESTAMP));
    return new RowSchema(columns);
  }

  /** All columns in the order of the table. */
  public RowSchema columns() {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.of(LANE, ColumnType.TEXT));
    columns.addAll(address().columns());
    columns.addAll(values.columns());
    columns.add(Column.of(FOLDED, ColumnType.BIGINT));
    columns.add(Column.of(DUPLICATES, ColumnType.BIGINT));
    columns.add(Column.of(TOMBSTONE, ColumnType.BOOLEAN));
    columns.add(Column.of(RUN, ColumnType.BIGINT));
    return new RowSchema(columns);
  }
}
