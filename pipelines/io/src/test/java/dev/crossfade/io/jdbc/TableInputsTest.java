package dev.crossfade.io.jdbc;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.io.Servers;
import dev.crossfade.io.Sql;
import dev.crossfade.transforms.graph.ComputeFlow;
import dev.crossfade.transforms.records.SourceRange;
import dev.crossfade.transforms.testing.Outcome;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.junit.jupiter.api.Test;

/** The database's own count of rows, beside what a graph makes of them. */
class TableInputsTest {
  @Test
  void theGraphAccountsForAsManyRowsAsThereAre() throws Exception {
    Sql.execute(
        "DROP TABLE IF EXISTS counted",
        "CREATE TABLE counted (id bigint, at timestamptz, sensor text, value int)",
        "INSERT INTO counted SELECT i * i - 50, '2001-02-03 04:05:06Z', 's', i % 7 - 1"
            + " FROM generate_series(1, 100) i",
        "INSERT INTO counted SELECT NULL, NULL, 's', 1 FROM generate_series(1, 3)",
        "DROP TABLE IF EXISTS none",
        "CREATE TABLE none (id bigint, at timestamptz, sensor text, value int)");
    for (String table : new String[] {"counted", "none"}) {
      Pipeline pipeline = Pipeline.create();
      Outcome outcome =
          Outcome.of(
              pipeline,
              pipeline
                  .apply(ReadTable.of(Servers.postgres(), table, "id", 3, 10, ReadingsFlow.TIMES))
                  .apply(ComputeFlow.of(ReadingsFlow.plan(), ReadTable.format())));

      Map<String, Long> accounted = new TreeMap<>();
      outcome.origins().forEach((source, counts) -> accounted.put(source, counts.positions()));
      Map<String, Long> counted = new TreeMap<>();
      for (SourceRange range : TableInputs.of(Servers.postgres(), table, "id")) {
        if (range.end() > range.first()) {
          counted.put(range.source(), range.end() - range.first());
        }
      }
      assertThat(accounted, is(counted));
      assertThat(
          counted,
          is(table.equals("none") ? Map.of() : Map.of("counted", 100L, "counted[id is null]", 3L)));
      assertThat(outcome.unaccounted().toString(), outcome.unaccounted().isEmpty(), is(true));
    }
  }
}
