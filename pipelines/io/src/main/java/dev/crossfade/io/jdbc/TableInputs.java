package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.records.SourceRange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What a table holds, by the database's own count. */
public final class TableInputs {
  private TableInputs() {}

  /**
   * The rows of a table, by the names that {@link ReadTable} gives their origins: those that have a
   * value in the partition column, and those that have none. A table has no positions, so they are
   * numbered.
   *
   * @throws SQLException if the database cannot be reached, or the table is not there
   */
  public static List<SourceRange> of(Database database, String table, String partitionColumn)
      throws SQLException {
    String sql =
        "SELECT count(" + partitionColumn + "), count(*) - count(" + partitionColumn + ") FROM ";
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet counts = statement.executeQuery(sql + table)) {
      counts.next();
      List<SourceRange> ranges = new ArrayList<>();
      ranges.add(new SourceRange(table, "", 0, counts.getLong(1)));
      if (counts.getLong(2) > 0) {
        ranges.add(
            new SourceRange(
                ReadPartitionFn.withoutPartition(table, partitionColumn),
                "",
                0,
                counts.getLong(2)));
      }
      return ranges;
    }
  }
}
