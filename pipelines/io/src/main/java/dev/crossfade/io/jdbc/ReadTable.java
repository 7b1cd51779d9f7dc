package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.BlockCoder;
import dev.crossfade.transforms.records.RecordFormat;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.jdbc.JdbcIO;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Reads the rows of a table as JSON records, in parts side by side, by Beam's {@link JdbcIO}.
 *
 * <p>Bounded; no record is late. All parts are read at the instant of a {@link TableSnapshot},
 * which the process that runs the pipeline holds open until the pipeline has ended. A record's
 * origin is the table and what addresses the row: its primary key, or where it is in the table, or,
 * in a view, a number that is another one in the next run. A database that cannot be reached, or a
 * snapshot that is gone, fails the run.
 */
public final class ReadTable extends PTransform<PBegin, PCollection<Block>> {
  private static final long serialVersionUID = 1L;

  private final Database database;
  private final TablePlan plan;
  private final int fetchSize;

  private ReadTable(Database database, TablePlan plan, int fetchSize) {
    this.database = database;
    this.plan = plan;
    this.fetchSize = fetchSize;
  }

  /**
   * Reads what a snapshot shows.
   *
   * @param fetchSize how many rows are fetched at a time
   */
  public static ReadTable at(TableSnapshot snapshot, int fetchSize) {
    return new ReadTable(snapshot.table().database(), snapshot.plan(), fetchSize);
  }

  /** The same transform over nothing, without a database: for a graph that is only looked at. */
  public static ReadTable unplanned(SourceTable table, int fetchSize) {
    return new ReadTable(table.database(), TablePlan.ofNothing(table.name()), fetchSize);
  }

  /** What the blocks hold. */
  public static RecordFormat format() {
    return new RecordFormat.Row();
  }

  @Override
  public PCollection<Block> expand(PBegin begin) {
    // JdbcIO looks here for the coder of what the row mapper gives.
    begin.getPipeline().getCoderRegistry().registerCoderForClass(Block.class, BlockCoder.of());
    return begin
        .apply("Parts", Create.of(plan.parts()).withCoder(SerializableCoder.of(TablePart.class)))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply(
            "ReadParts",
            JdbcIO.<TablePart, Block>readAll()
                .withDataSourceProviderFn(new SnapshotConnections(database, plan))
                .withQuery(plan.query())
                .withParameterSetter(new PartParameters(plan))
                .withRowMapper(new RowsToBlock(plan))
                .withFetchSize(fetchSize)
                // The blocks go on where they were read.
                .withOutputParallelization(false));
  }
}
