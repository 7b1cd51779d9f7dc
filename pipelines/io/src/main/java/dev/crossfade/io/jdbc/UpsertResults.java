package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.graph.EventWindowCoder;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.ResultTable;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Writes results into the table of their flow, each to its address (lane, key, window), where a
 * newer version replaces an older one and an older one changes nothing. Conflicts are kept in the
 * same transaction.
 *
 * <p>Works on bounded and unbounded input. The rows of a bundle are written in batches, and are
 * committed when the bundle ends; bundles hold different keys and are written side by side. Writing
 * anything again, in any order, leaves the same table. Gives the windows it has written to, at
 * their end, once their rows are committed.
 */
final class UpsertResults extends PTransform<PCollection<Result>, PCollection<EventWindow>> {
  private static final long serialVersionUID = 1L;

  private final Database database;
  private final ResultTable table;
  private final RunTarget target;

  private UpsertResults(Database database, ResultTable table, RunTarget target) {
    this.database = database;
    this.table = table;
    this.target = target;
  }

  /** Writes the results of a run of a lane. */
  static UpsertResults into(Database database, ResultTable table, RunTarget target) {
    return new UpsertResults(database, table, target);
  }

  @Override
  public PCollection<EventWindow> expand(PCollection<Result> results) {
    return results
        .apply("Upsert", ParDo.of(new UpsertResultsFn(database, table, target)))
        .setCoder(EventWindowCoder.of());
  }
}
