package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.records.SourceRange;
import java.io.Serializable;
import java.util.List;

/**
 * How a table is read: in which parts, by which statement, and at which instant.
 *
 * @param table the table's name as the settings have it, which is the first part of origins
 * @param query selects the address of a row, in as many columns as {@code addressColumns} says, and
 *     then the row
 * @param divides by what the table is divided, which says what parameters the query has
 * @param addressColumns how many columns the address has; 0 if the rows are numbered, and then the
 *     first column is the number of the part
 * @param lowerCase whether names all in upper case are meant in lower case, which databases do that
 *     do not keep what was written
 * @param parts the parts, each row in one of them
 * @param rows how many rows there are, as the database counts them at that instant
 * @param snapshot the exported snapshot that every part is read in; null if each is read by itself
 */
record TablePlan(
    String table,
    String query,
    Division divides,
    int addressColumns,
    boolean lowerCase,
    List<TablePart> parts,
    long rows,
    String snapshot)
    implements Serializable {
  /** By what a table is divided into parts. */
  enum Division {
    /** By nothing: there is one part. */
    NOTHING,
    /** By the pages that the rows are in. */
    PAGES,
    /** By ranges of a column. */
    COLUMN
  }

  TablePlan {
    parts = List.copyOf(parts);
  }

  /** Reads nothing: for a graph that is built to be looked at. */
  static TablePlan ofNothing(String table) {
    return new TablePlan(table, "", Division.NOTHING, 0, false, List.of(), 0, null);
  }

  /** What the database holds. */
  SourceRange range() {
    return SourceRange.ofCount(table, "", rows);
  }
}
