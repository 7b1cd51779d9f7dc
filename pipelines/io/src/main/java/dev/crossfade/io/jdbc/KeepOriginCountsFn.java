package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.graph.OriginCounts;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.TreeMap;
import org.apache.beam.sdk.values.KV;

/**
 * Keeps what became of the records of each source in the table {@code origin_ledger}. The counts of
 * more positions replace those of fewer, so that writing anything again, in any order, leaves the
 * same table.
 */
final class KeepOriginCountsFn extends BatchFn<KV<String, OriginCounts>, Void> {
  private static final long serialVersionUID = 1L;
  private static final String SQL =
      "INSERT INTO "
          + ResultTable.SCHEMA
          + ".origin_ledger AS o (flow, lane, run, source, decoded, outside, undecodable,"
          + " without_content, next_position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT (flow, lane, run, source) DO UPDATE SET decoded = EXCLUDED.decoded,"
          + " outside = EXCLUDED.outside, undecodable = EXCLUDED.undecodable,"
          + " without_content = EXCLUDED.without_content, next_position = EXCLUDED.next_position"
          + " WHERE o.decoded + o.undecodable + o.without_content"
          + " < EXCLUDED.decoded + EXCLUDED.undecodable + EXCLUDED.without_content";

  private final String flow;
  private final RunTarget target;
  private transient TreeMap<String, KV<String, OriginCounts>> batch;

  KeepOriginCountsFn(Database database, String flow, RunTarget target) {
    super(database, target.patience(), SQL);
    this.flow = flow;
    this.target = target;
  }

  @StartBundle
  public void startBundle() {
    batch = new TreeMap<>();
  }

  @ProcessElement
  public void process(@Element KV<String, OriginCounts> source) {
    batch.merge(
        source.getKey(),
        source,
        (old, next) -> next.getValue().positions() > old.getValue().positions() ? next : old);
  }

  @FinishBundle
  public void finishBundle() throws SQLException {
    write(batch.values());
    batch = null;
  }

  @Override
  void bind(KV<String, OriginCounts> source, PreparedStatement row) throws SQLException {
    int next = 1;
    row.setString(next++, flow);
    row.setString(next++, target.lane());
    row.setLong(next++, target.run());
    row.setString(next++, source.getKey().replace("\0", "\\u0000"));
    row.setLong(next++, source.getValue().decoded());
    row.setLong(next++, source.getValue().outside());
    row.setLong(next++, source.getValue().undecodable());
    row.setLong(next++, source.getValue().withoutContent());
    row.setLong(next, source.getValue().nextPosition());
  }
}
