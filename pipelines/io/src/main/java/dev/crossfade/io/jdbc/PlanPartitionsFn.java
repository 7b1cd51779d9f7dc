package dev.crossfade.io.jdbc;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Set;
import org.apache.beam.sdk.transforms.DoFn;

/** Cuts the span of the partition column into parts of equal width. */
final class PlanPartitionsFn extends DoFn<byte[], TablePartition> {
  private static final long serialVersionUID = 1L;

  private static final Set<Integer> INTEGERS =
      Set.of(Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT);

  private final Database database;
  private final String table;
  private final String column;
  private final int partitions;

  PlanPartitionsFn(Database database, String table, String column, int partitions) {
    this.database = database;
    this.table = table;
    this.column = column;
    this.partitions = partitions;
  }

  @ProcessElement
  public void process(OutputReceiver<TablePartition> out) throws SQLException {
    String sql =
        "SELECT min(" + column + "), max(" + column + "), count(*) - count(" + column + ") FROM ";
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet span = statement.executeQuery(sql + table)) {
      int type = span.getMetaData().getColumnType(1);
      if (!INTEGERS.contains(type)) {
        // The driver would cut the fractions off, and rows between two partitions would be lost.
        throw new SQLException(
            table
                + "."
                + column
                + " is of "
                + span.getMetaData().getColumnTypeName(1)
                + "; rows are partitioned by an integer column");
      }
      span.next();
      if (span.getLong(3) > 0) {
        out.output(new TablePartition(null, null));
      }
      long least = span.getLong(1);
      if (span.wasNull()) {
        return;
      }
      BigInteger first = BigInteger.valueOf(least);
      BigInteger width = BigInteger.valueOf(span.getLong(2)).subtract(first).add(BigInteger.ONE);
      BigInteger parts = width.min(BigInteger.valueOf(partitions));
      for (BigInteger part = BigInteger.ZERO;
          part.compareTo(parts) < 0;
          part = part.add(BigInteger.ONE)) {
        BigInteger from = first.add(width.multiply(part).divide(parts));
        BigInteger next = first.add(width.multiply(part.add(BigInteger.ONE)).divide(parts));
        out.output(
            new TablePartition(
                from.longValueExact(), next.subtract(BigInteger.ONE).longValueExact()));
      }
    }
  }
}
