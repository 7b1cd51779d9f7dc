package dev.crossfade.io.jdbc;

import dev.crossfade.io.Servers;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/** Writes results in one bundle and in this order, which no runner promises to do. */
final class UpsertBundle {
  private UpsertBundle() {}

  static void write(ResultTable table, String lane, long run, List<Result> results)
      throws SQLException {
    UpsertResultsFn fn =
        new UpsertResultsFn(
            Servers.postgres(),
            table,
            new RunTarget(lane, run, 1, false, "logic", Duration.ofSeconds(1)));
    DoFn<Result, EventWindow> asDoFn = fn;
    fn.startBundle();
    for (Result result : results) {
      fn.process(result);
    }
    fn.finishBundle(
        asDoFn.new FinishBundleContext() {
          @Override
          public PipelineOptions getPipelineOptions() {
            return PipelineOptionsFactory.create();
          }

          @Override
          public void output(EventWindow output, Instant timestamp, BoundedWindow window) {
            // Nobody waits for the closings.
          }

          @Override
          public <T> void output(
              TupleTag<T> tag, T output, Instant timestamp, BoundedWindow window) {
            throw new UnsupportedOperationException();
          }
        });
    fn.teardown();
  }
}
