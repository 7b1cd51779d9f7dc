package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.BlockCoder;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.records.RecordFormat;
import java.util.regex.Pattern;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Reads the rows of a table as JSON records, in partitions by an integer column, side by side.
 *
 * <p>Bounded. A block's timestamp is the least event time in it. A record's origin is the table and
 * the value of the partition column, which should be the key. Each partition is read in a
 * transaction of its own, so the table must not change while it is read. Reading again gives the
 * same records, in other blocks perhaps. A database that cannot be reached, or a table or column
 * that is not there, fails the run.
 */
public final class ReadTable extends PTransform<PBegin, PCollection<Block>> {
  private static final long serialVersionUID = 1L;
  private static final Pattern IDENTIFIER =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?");

  private final Database database;
  private final String table;
  private final String partitionColumn;
  private final int partitions;
  private final int fetchSize;
  private final EventTimes eventTimes;

  private ReadTable(
      Database database,
      String table,
      String partitionColumn,
      int partitions,
      int fetchSize,
      EventTimes eventTimes) {
    this.database = database;
    this.table = table;
    this.partitionColumn = partitionColumn;
    this.partitions = partitions;
    this.fetchSize = fetchSize;
    this.eventTimes = eventTimes;
  }

  /**
   * Reads a table.
   *
   * @param table its name, with its schema if it needs one
   * @param partitionColumn a column of integers that spreads the rows, best the primary key
   * @param partitions how many parts are read side by side
   * @param fetchSize how many rows are fetched at a time
   * @throws IllegalArgumentException if a name is not a plain SQL identifier
   */
  public static ReadTable of(
      Database database,
      String table,
      String partitionColumn,
      int partitions,
      int fetchSize,
      EventTimes eventTimes) {
    for (String name : new String[] {table, partitionColumn}) {
      if (!IDENTIFIER.matcher(name).matches()) {
        throw new IllegalArgumentException("'" + name + "' is not a plain SQL identifier");
      }
    }
    return new ReadTable(database, table, partitionColumn, partitions, fetchSize, eventTimes);
  }

  /** What the blocks hold. */
  public static RecordFormat format() {
    return new RecordFormat.Row();
  }

  @Override
  public PCollection<Block> expand(PBegin begin) {
    return begin
        .apply(Impulse.create())
        .apply(
            "PlanPartitions",
            ParDo.of(new PlanPartitionsFn(database, table, partitionColumn, partitions)))
        .setCoder(SerializableCoder.of(TablePartition.class))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply(
            "ReadPartition",
            ParDo.of(new ReadPartitionFn(database, table, partitionColumn, fetchSize, eventTimes)))
        .setCoder(BlockCoder.of());
  }
}
