package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.records.Block;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.apache.beam.sdk.io.jdbc.JdbcIO;

/**
 * Makes a block of the row at hand and those that follow it. {@link JdbcIO} takes what comes of a
 * row for one element; elements one by one are what makes it slow.
 */
final class RowsToBlock implements JdbcIO.RowMapper<Block> {
  private static final long serialVersionUID = 1L;
  private static final int MAX_RECORDS = 2_000;
  private static final int MAX_BYTES = 8 << 20;

  private final TablePlan plan;
  private transient ResultSet current;
  private transient RowWriter writer;
  private transient RowAddress address;

  RowsToBlock(TablePlan plan) {
    this.plan = plan;
  }

  @Override
  public Block mapRow(ResultSet rows) throws SQLException, IOException {
    if (rows != current) {
      current = rows;
      int before = Math.max(1, plan.addressColumns());
      writer = new RowWriter(rows, before, plan.lowerCase());
      address = new RowAddress(rows, plan.addressColumns());
    }
    Block.Builder block = new Block.Builder(plan.table(), "");
    do {
      byte[] record = writer.write();
      block.addKeyed(address.next(), Block.UNREAD, record, 0, record.length);
    } while (block.size() < MAX_RECORDS && block.length() < MAX_BYTES && rows.next());
    return block.build();
  }
}
