package dev.crossfade.transforms.results;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The columns of a row, in order.
 *
 * @param columns the columns; no two share a name
 */
public record RowSchema(List<Column> columns) implements Serializable {
  /** Copies the list and refuses two columns of one name. */
  public RowSchema {
    columns = List.copyOf(columns);
    Set<String> names = new HashSet<>();
    for (Column column : columns) {
      if (!names.add(column.name())) {
        throw new IllegalArgumentException("two columns are named '" + column.name() + "'");
      }
    }
  }

  /** A schema of these columns. */
  public static RowSchema of(Column... columns) {
    return new RowSchema(List.of(columns));
  }

  /** How many columns there are. */
  public int size() {
    return columns.size();
  }

  /** The column at a position, from 0. */
  public Column column(int index) {
    return columns.get(index);
  }

  /** The names in order. */
  public List<String> names() {
    return columns.stream().map(Column::name).toList();
  }

  /**
   * The position of a column.
   *
   * @throws IllegalArgumentException if there is none of that name; the message names those there
   *     are
   */
  public int indexOf(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no column '" + name + "'; there are " + names());
  }
}
