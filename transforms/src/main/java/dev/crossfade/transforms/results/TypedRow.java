package dev.crossfade.transforms.results;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * An immutable row of typed values. Two rows are equal if their values are; the schema is left to
 * whoever holds both, so that a key costs no more than its values.
 */
public final class TypedRow implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Object[] values;

  private TypedRow(Object[] values) {
    this.values = values;
  }

  /**
   * A row of these values, each as its column holds it (see {@link Column#normalize}).
   *
   * @throws IllegalArgumentException if the number of values or the class of one does not fit
   */
  public static TypedRow of(RowSchema schema, Object... values) {
    if (values.length != schema.size()) {
      throw new IllegalArgumentException(
          values.length + " values for the " + schema.size() + " columns " + schema.names());
    }
    Object[] normalized = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      normalized[i] = schema.column(i).normalize(values[i]);
    }
    return new TypedRow(normalized);
  }

  /** How many values the row has. */
  public int size() {
    return values.length;
  }

  /** The value at a position, from 0; may be null. */
  public Object get(int index) {
    return values[index];
  }

  /** The text at a position. */
  public String text(int index) {
    return (String) values[index];
  }

  /** The integer at a position, which must not be null. */
  public long bigint(int index) {
    return (Long) values[index];
  }

  /** All values in order; the list cannot be changed. */
  public List<Object> values() {
    return Collections.unmodifiableList(new ArrayList<>(Arrays.asList(values)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TypedRow row && Arrays.equals(values, row.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
