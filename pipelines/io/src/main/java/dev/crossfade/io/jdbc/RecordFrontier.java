package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.graph.EventWindowCoder;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.windows.WindowShape;
import dev.crossfade.transforms.windows.Windowing;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.joda.time.Instant;

/**
 * Records in the table {@code frontiers} how far a run has closed event time. Of a window that has
 * nothing in it no closing is recorded (see {@link RecordClosings}), and yet the watermark passes
 * its end plus the allowed lateness like any other's. The input is the windows that anything was
 * written to, after it was written.
 *
 * <p>Works on bounded and unbounded input, in the global window. From the first window on it waits
 * for the closing of one window after the other, as far as windows have been seen, so that the end
 * of time is not waited for. Of many windows without anything in between it waits for one in so
 * many: the frontier may lag behind by a part of the gap, and is never ahead. What a drain passes
 * is not closed.
 */
final class RecordFrontier extends PTransform<PCollection<EventWindow>, PDone> {
  private static final long serialVersionUID = 1L;

  /** In how many steps a gap is crossed at least, if it has as many windows. */
  private static final int STEPS = 64;

  private final FrontierFn frontier;

  private RecordFrontier(FrontierFn frontier) {
    this.frontier = frontier;
  }

  /** Records the frontier of a run that writes a flow's lane itself. */
  static RecordFrontier of(Database database, String flow, RunTarget target, Windowing windowing) {
    return new RecordFrontier(new FrontierFn(database, flow, target, windowing));
  }

  @Override
  public PDone expand(PCollection<EventWindow> written) {
    written
        .apply("OfTheLane", ParDo.of(new KeyFn()))
        .setCoder(KvCoder.of(VarIntCoder.of(), EventWindowCoder.of()))
        .apply("AwaitFrontier", ParDo.of(frontier));
    return PDone.in(written.getPipeline());
  }

  private static final class KeyFn extends DoFn<EventWindow, KV<Integer, EventWindow>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element EventWindow window, OutputReceiver<KV<Integer, EventWindow>> out) {
      out.output(KV.of(0, window));
    }
  }

  private static final class FrontierFn extends BatchFn<KV<Integer, EventWindow>, Void> {
    private static final long serialVersionUID = 1L;
    private static final String NEWEST = "newest";
    private static final String AWAITED = "awaited";
    private static final String CLOSED = "closed";
    private static final String CLOSING = "closing";
    private static final String SQL =
        "INSERT INTO "
            + ResultTable.SCHEMA
            + ".frontiers AS f (flow, lane, run, closed_to)"
            + " SELECT ?, ?, ?, ? WHERE NOT EXISTS (SELECT FROM "
            + ResultTable.SCHEMA
            + ".runs WHERE runs.run = ? AND stop_requested = 'DRAIN')"
            + " ON CONFLICT (flow, lane, run) DO UPDATE SET closed_to = EXCLUDED.closed_to,"
            + " recorded_at = clock_timestamp() WHERE f.closed_to < EXCLUDED.closed_to";

    /** The start of the latest window that was seen. */
    @StateId(NEWEST)
    private final StateSpec<ValueState<Long>> newestSpec = StateSpecs.value(VarLongCoder.of());

    /** The start of the window whose closing is waited for; empty if none is. */
    @StateId(AWAITED)
    private final StateSpec<ValueState<Long>> awaitedSpec = StateSpecs.value(VarLongCoder.of());

    /** The end of the last window whose closing was waited for. */
    @StateId(CLOSED)
    private final StateSpec<ValueState<Long>> closedSpec = StateSpecs.value(VarLongCoder.of());

    @TimerId(CLOSING)
    private final TimerSpec closingSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    private final String flow;
    private final String lane;
    private final long run;
    private final Windowing windowing;

    FrontierFn(Database database, String flow, RunTarget target, Windowing windowing) {
      super(database, target, SQL);
      this.flow = flow;
      this.lane = target.lane();
      this.run = target.run();
      this.windowing = windowing;
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, EventWindow> element,
        @StateId(NEWEST) ValueState<Long> newest,
        @StateId(AWAITED) ValueState<Long> awaited,
        @StateId(CLOSED) ValueState<Long> closed,
        @TimerId(CLOSING) Timer closing) {
      long start = element.getValue().start().toEpochMilli();
      Long before = newest.read();
      if (before == null || before < start) {
        newest.write(start);
      }
      if (awaited.read() == null) {
        Long done = closed.read();
        if (done == null) {
          await(start, awaited, closing);
        } else if (done <= start) {
          await(next(done, start), awaited, closing);
        }
      }
    }

    @OnTimer(CLOSING)
    public void onClosing(
        @StateId(NEWEST) ValueState<Long> newest,
        @StateId(AWAITED) ValueState<Long> awaited,
        @StateId(CLOSED) ValueState<Long> closed,
        @TimerId(CLOSING) Timer closing)
        throws SQLException {
      WindowShape shape = windowing.shape();
      EventWindow window = shape.windowOf(java.time.Instant.ofEpochMilli(awaited.read()));
      write(List.of(KV.of(0, window)));
      long done = window.end().toEpochMilli();
      closed.write(done);
      if (done <= newest.read()) {
        await(next(done, newest.read()), awaited, closing);
      } else {
        awaited.clear();
      }
    }

    /** The window after those that are closed, or one a part of the way to the newest. */
    private long next(long closed, long newest) {
      return windowing.shape().startOf(closed + (newest - closed) / STEPS);
    }

    private void await(long start, ValueState<Long> awaited, Timer closing) {
      awaited.write(start);
      closing.set(
          Instant.ofEpochMilli(
              Math.min(
                  windowing.closingOf(start), BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis() - 1)));
    }

    @Override
    void bind(KV<Integer, EventWindow> element, PreparedStatement row) throws SQLException {
      int next = 1;
      row.setString(next++, flow);
      row.setString(next++, lane);
      row.setLong(next++, run);
      row.setObject(next++, element.getValue().end().atOffset(ZoneOffset.UTC));
      row.setLong(next, run);
    }
  }
}
