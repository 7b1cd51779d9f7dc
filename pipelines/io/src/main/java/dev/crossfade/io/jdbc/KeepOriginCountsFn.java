package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.graph.OriginCounts;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.apache.beam.sdk.values.KV;

/**
 * Keeps what became of the records of each source in the table {@code origin_ledger}, one row per
 * run and source. A count that covers fewer positions is older and changes nothing.
 */
final class KeepOriginCountsFn extends NewestFn<String, KV<String, OriginCounts>> {
  private static final long serialVersionUID = 1L;
  private static final String SQL =
      "INSERT INTO "
          + ResultTable.SCHEMA
          + ".origin_ledger AS t"
          + " (flow, lane, run, source, decoded, outside, undecodable, without_content,"
          + " next_position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT (flow, lane, run, source) DO UPDATE SET decoded = EXCLUDED.decoded,"
          + " outside = EXCLUDED.outside, undecodable = EXCLUDED.undecodable,"
          + " without_content = EXCLUDED.without_content,"
          + " next_position = EXCLUDED.next_position"
          + " WHERE t.decoded + t.undecodable + t.without_content"
          + " < EXCLUDED.decoded + EXCLUDED.undecodable + EXCLUDED.without_content";

  private final String flow;
  private final String lane;
  private final long run;

  KeepOriginCountsFn(Database database, String flow, RunTarget target) {
    super(database, target, SQL);
    this.flow = flow;
    this.lane = target.lane();
    this.run = target.run();
  }

  @Override
  String keyOf(KV<String, OriginCounts> counts) {
    return counts.getKey();
  }

  @Override
  KV<String, OriginCounts> newerOf(
      KV<String, OriginCounts> first, KV<String, OriginCounts> second) {
    return second.getValue().positions() > first.getValue().positions() ? second : first;
  }

  @Override
  EventWindow windowOf(KV<String, OriginCounts> counts) {
    return null;
  }

  @Override
  void bind(KV<String, OriginCounts> element, PreparedStatement row) throws SQLException {
    OriginCounts counts = element.getValue();
    int next = 1;
    row.setString(next++, flow);
    row.setString(next++, lane);
    row.setLong(next++, run);
    row.setString(next++, SqlText.of(element.getKey()));
    row.setLong(next++, counts.decoded());
    row.setLong(next++, counts.outside());
    row.setLong(next++, counts.undecodable());
    row.setLong(next++, counts.withoutContent());
    row.setLong(next, counts.nextPosition());
  }
}
