package dev.crossfade.transforms;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A small table that a flow looks things up in, by one key. It is part of the graph: read when the
 * graph is built and the same for every event of a run, so that a lookup has one answer in every
 * lane.
 */
public final class ReferenceTable implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final List<String> columns;
  private final Map<String, String[]> rows;

  private ReferenceTable(String name, List<String> columns, Map<String, String[]> rows) {
    this.name = name;
    this.columns = columns;
    this.rows = rows;
  }

  /**
   * A table of these rows.
   *
   * @param name how messages call it
   * @param columns the names of the columns
   * @param rows the values of the columns by the row's key
   */
  public static ReferenceTable of(
      String name, List<String> columns, Map<String, List<String>> rows) {
    Map<String, String[]> copy = new HashMap<>();
    rows.forEach((key, values) -> copy.put(key, values.toArray(String[]::new)));
    return new ReferenceTable(name, List.copyOf(columns), copy);
  }

  /** How messages call the table. */
  public String name() {
    return name;
  }

  /** Whether there is a row of this key. */
  public boolean contains(String key) {
    return rows.containsKey(key);
  }

  /**
   * One column of the table as a function of the key.
   *
   * @throws IllegalArgumentException if there is no such column
   */
  public Lookup column(String column) {
    int index = columns.indexOf(column);
    if (index < 0) {
      throw new IllegalArgumentException(
          "reference table '" + name + "' has no column '" + column + "'; it has " + columns);
    }
    return new Lookup(this, index);
  }

  /** One column of a reference table. */
  public static final class Lookup implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ReferenceTable table;
    private final int index;

    private Lookup(ReferenceTable table, int index) {
      this.table = table;
      this.index = index;
    }

    /**
     * The value in the row of this key.
     *
     * @throws IllegalArgumentException if there is no such row; thrown while an event is computed,
     *     it makes the event a dead letter
     */
    public String of(String key) {
      String[] row = table.rows.get(key);
      if (row == null) {
        throw new IllegalArgumentException(
            "'" + key + "' is not in the reference table '" + table.name + "'");
      }
      return row[index];
    }
  }
}
