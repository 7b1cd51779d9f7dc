package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.results.SqlName;
import java.util.Optional;

/**
 * A table, view or foreign table that is read.
 *
 * @param database where it is
 * @param name its name as SQL writes it, with its schema if it needs one, such as {@code
 *     sales."Order Items"}
 * @param partitionColumn a column of numbers or times by whose ranges it is read side by side;
 *     without one PostgreSQL's tables are read by their pages, and anything else in one part
 * @param partitions how many parts are read side by side, at most
 */
public record SourceTable(
    Database database, String name, Optional<String> partitionColumn, int partitions) {
  /**
   * Refuses what no table and no column can be called.
   *
   * @throws IllegalArgumentException if it is no name
   */
  public SourceTable {
    SqlName unused = SqlName.parse(name);
    partitionColumn.ifPresent(
        column -> {
          if (SqlName.parse(column).inPostgres().size() != 1) {
            throw new IllegalArgumentException(
                "'" + column + "' is not a column's name; one with a dot stands in double quotes");
          }
        });
    if (partitions < 1) {
      throw new IllegalArgumentException("a table is read in one part or more");
    }
  }

  SqlName sqlName() {
    return SqlName.parse(name);
  }

  Optional<SqlName> column() {
    return partitionColumn.map(SqlName::parse);
  }
}
