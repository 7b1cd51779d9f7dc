package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.graph.EventWindowCoder;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.windows.Windowing;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VoidCoder;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.joda.time.Instant;

/**
 * Records in the table {@code closed_windows} which windows of a lane are closed. The input is the
 * windows that anything was written to, after it was written: the watermark that closes a window
 * here has passed the writing of its last result, count and dead letter.
 *
 * <p>Works on bounded and unbounded input, in the global window. A window is recorded when the
 * watermark passes its end plus the allowed lateness, unless the run is being drained; for bounded
 * input that is when all of it has been written, and only windows that the input covers whole are
 * recorded. Recording again leaves one record.
 */
final class RecordClosings extends PTransform<PCollection<EventWindow>, PDone> {
  private static final long serialVersionUID = 1L;

  private final ClosingFn closing;

  private RecordClosings(ClosingFn closing) {
    this.closing = closing;
  }

  /**
   * Records the closings of a run of a flow's lane.
   *
   * @param covered the span that the input is complete for; empty if it is for every window
   */
  static RecordClosings of(
      Database database,
      String flow,
      RunTarget target,
      Windowing windowing,
      Optional<EventWindow> covered) {
    return new RecordClosings(
        new ClosingFn(database, flow, target, windowing, covered.orElse(null)));
  }

  @Override
  public PDone expand(PCollection<EventWindow> written) {
    written
        .apply("ByWindow", ParDo.of(new KeyFn()))
        .setCoder(KvCoder.of(EventWindowCoder.of(), VoidCoder.of()))
        .apply("AwaitClosing", ParDo.of(closing));
    return PDone.in(written.getPipeline());
  }

  private static final class KeyFn
      extends org.apache.beam.sdk.transforms.DoFn<EventWindow, KV<EventWindow, Void>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element EventWindow window, OutputReceiver<KV<EventWindow, Void>> out) {
      out.output(KV.of(window, null));
    }
  }

  private static final class ClosingFn extends BatchFn<KV<EventWindow, Void>, Void> {
    private static final long serialVersionUID = 1L;
    private static final String CLOSING = "closing";
    private static final String SQL =
        "INSERT INTO "
            + ResultTable.SCHEMA
            + ".closed_windows (flow, lane, window_start, window_end, run)"
            // A drain ends event time, and with it every window, though records may come yet.
            + " SELECT ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT FROM "
            + ResultTable.SCHEMA
            + ".runs WHERE runs.run = ? AND stop_requested = 'DRAIN')"
            + " ON CONFLICT (flow, lane, window_start, window_end)"
            + " DO UPDATE SET run = EXCLUDED.run WHERE closed_windows.run < EXCLUDED.run";

    @TimerId(CLOSING)
    private final TimerSpec closingSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    private final String flow;
    private final String lane;
    private final long run;
    private final Windowing windowing;
    private final EventWindow covered;

    ClosingFn(
        Database database,
        String flow,
        RunTarget target,
        Windowing windowing,
        EventWindow covered) {
      super(database, target, SQL);
      this.flow = flow;
      this.lane = target.resultLane();
      this.run = target.run();
      this.windowing = windowing;
      this.covered = covered;
    }

    @ProcessElement
    public void process(@Element KV<EventWindow, Void> element, @TimerId(CLOSING) Timer closing) {
      EventWindow window = element.getKey();
      if (covered == null
          || (!window.start().isBefore(covered.start()) && !window.end().isAfter(covered.end()))) {
        long closesAt = windowing.closingOf(window.start().toEpochMilli());
        closing.set(
            Instant.ofEpochMilli(
                Math.min(closesAt, BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis() - 1)));
      }
    }

    @OnTimer(CLOSING)
    public void onClosing(@Key EventWindow window) throws SQLException {
      write(List.of(KV.of(window, null)));
    }

    @Override
    void bind(KV<EventWindow, Void> element, PreparedStatement row) throws SQLException {
      int next = 1;
      row.setString(next++, flow);
      row.setString(next++, lane);
      row.setObject(next++, element.getKey().start().atOffset(ZoneOffset.UTC));
      row.setObject(next++, element.getKey().end().atOffset(ZoneOffset.UTC));
      row.setLong(next++, run);
      row.setLong(next, run);
    }
  }
}
