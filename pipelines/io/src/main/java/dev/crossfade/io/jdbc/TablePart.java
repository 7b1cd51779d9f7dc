package dev.crossfade.io.jdbc;

import java.io.Serializable;

/**
 * A part of a table that is read by one statement.
 *
 * @param number counts the parts from 1 on
 * @param from the least value that belongs to it; null in a table that is read as a whole
 * @param to the least value that belongs to the next one; null in a table that is read as a whole
 * @param first whether everything below belongs to it as well, and what has no value
 * @param last whether everything above belongs to it as well
 */
record TablePart(int number, Serializable from, Serializable to, boolean first, boolean last)
    implements Serializable {
  /** All of a table. */
  static final TablePart WHOLE = new TablePart(1, null, null, true, true);
}
