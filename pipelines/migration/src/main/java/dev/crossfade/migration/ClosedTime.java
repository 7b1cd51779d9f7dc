package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The event time that a lane has closed. Within it every window is closed, rows or no rows: a
 * window that is lost has none, and nothing that would tell of it.
 *
 * <ul>
 *   <li>A batch has closed what its input covers, as its settings say. If they do not say it, what
 *       lies between the first and the last window that the input has something in.
 *   <li>A stream has closed everything up to the last window that its watermark has closed, and
 *       everything if it has come to the declared end of its topic. Its time begins with the first
 *       window that it has closed if the topic did not hold its beginning any more, and else has no
 *       beginning.
 *   <li>A run that was asked for windows has closed these.
 *   <li>A legacy table has closed a span if it was told so, and else, since it says nothing, counts
 *       as having closed everything; one without a single row has closed nothing.
 * </ul>
 */
final class ClosedTime {
  private final Map<EventWindow, Closing> windows;
  private final Span span;
  private final Span all;
  private final Span scheduled;
  private final long currentRun;
  private final boolean nothingYet;

  /** The closing of one window, and whether a schedule has asked for the window. */
  private record Closing(long run, boolean scheduled) {}

  /**
   * What a run has closed as a whole.
   *
   * @param stated whether somebody says so, or it is only what lies between two windows
   */
  private record Span(Instant from, Instant to, long run, boolean stated) {
    static final Span NOTHING = between(List.of(), 0);

    /** From the first window to the last. */
    static Span between(Collection<EventWindow> windows, long run) {
      Instant from = Instant.MAX;
      Instant to = Instant.MIN;
      for (EventWindow window : windows) {
        from = window.start().isBefore(from) ? window.start() : from;
        to = window.end().isAfter(to) ? window.end() : to;
      }
      return new Span(from, to, run, false);
    }

    static Span stated(EventWindow span, long run) {
      return new Span(span.start(), span.end(), run, true);
    }

    boolean isEmpty() {
      return to.equals(Instant.MIN);
    }

    boolean contains(EventWindow window) {
      return !window.start().isBefore(from) && !window.end().isAfter(to);
    }
  }

  private ClosedTime(
      Map<EventWindow, Closing> windows, Span span, long currentRun, boolean nothingYet) {
    this.windows = windows;
    this.span = span;
    this.all = Span.between(windows.keySet(), 0);
    Span asked =
        Span.between(
            windows.entrySet().stream()
                .filter(window -> window.getValue().scheduled())
                .map(Map.Entry::getKey)
                .toList(),
            0);
    this.scheduled = new Span(asked.from(), asked.to(), 0, !asked.isEmpty());
    this.currentRun = currentRun;
    this.nothingYet = nothingYet;
  }

  /**
   * What a lane has closed.
   *
   * @param rows the windows in which it has rows; asked for of a legacy lane only
   */
  static ClosedTime read(Connection c, LaneTable lane, Set<EventWindow> rows) throws SQLException {
    return lane.recordsClosings()
        ? read(c, lane.resultTable().flow(), lane.lane())
        : new ClosedTime(Map.of(), ofLegacy(lane, rows), 0, false);
  }

  private static Span ofLegacy(LaneTable lane, Set<EventWindow> rows) {
    if (lane.closedSpan().isPresent()) {
      return Span.stated(lane.closedSpan().get(), 0);
    }
    return rows.isEmpty() ? Span.NOTHING : new Span(Instant.MIN, Instant.MAX, 0, false);
  }

  /** What a lane whose closings are in the store has closed. */
  static ClosedTime read(Connection c, String flow, String lane) throws SQLException {
    Map<EventWindow, Closing> windows = new HashMap<>();
    Sql.list(
        c,
        row -> windows.put(Sql.window(row, 1), new Closing(row.getLong(3), row.getBoolean(4))),
        """
        SELECT window_start, window_end, run,
          coalesce(r.kind = 'RUN' AND r.span_from IS NOT NULL, false)
        FROM crossfade.closed_windows w LEFT JOIN crossfade.runs r USING (run)
        WHERE w.flow = ? AND w.lane = ?
        """,
        flow,
        lane);
    Optional<StoredRun> whole = StoredRun.ofWholeLane(c, flow, lane);
    if (whole.isEmpty()) {
      return new ClosedTime(windows, Span.NOTHING, 0, false);
    }
    StoredRun run = whole.get();
    Span span =
        run.staged()
            ? run.covers()
                .map(covers -> Span.stated(covers, run.run()))
                .orElseGet(() -> Span.between(closedBy(run.run(), windows), run.run()))
            : ofStream(c, run, windows.keySet());
    return new ClosedTime(
        windows, span, run.staged() ? 0 : run.run(), !run.staged() && windows.isEmpty());
  }

  private static List<EventWindow> closedBy(long run, Map<EventWindow, Closing> windows) {
    return windows.entrySet().stream()
        .filter(window -> window.getValue().run() == run)
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * The watermark that closes a window has passed the end of every earlier one, and the allowed
   * lateness. So has what computes a restated window, which was closed before.
   */
  private static Span ofStream(Connection c, StoredRun run, Set<EventWindow> windows)
      throws SQLException {
    Span seen = Span.between(windows, run.run());
    List<Instant> frontier =
        Sql.list(
            c,
            row -> Sql.instant(row, 1),
            "SELECT closed_to FROM crossfade.frontiers WHERE flow = ? AND lane = ? AND run = ?",
            run.flow(),
            run.lane(),
            run.run());
    Instant to = seen.to();
    if (run.hasReadAll()) {
      to = Instant.MAX;
    } else if (!frontier.isEmpty() && frontier.get(0).isAfter(to)) {
      to = frontier.get(0);
    }
    boolean beginningHeld =
        Sql.test(
            c,
            "SELECT coalesce(max(first_position) = 0, false) FROM crossfade.inputs"
                + " WHERE flow = ? AND lane = ? AND run = ?",
            run.flow(),
            run.lane(),
            run.run());
    return new Span(beginningHeld ? Instant.MIN : seen.from(), to, run.run(), true);
  }

  /** The windows whose closing is recorded each for itself. */
  Set<EventWindow> recorded() {
    return windows.keySet();
  }

  /** Whether the lane has closed a window, whatever is in it. */
  boolean contains(EventWindow window) {
    return windows.containsKey(window) || span.contains(window);
  }

  /** What the lane says of a window in which it has these rows. */
  WindowState of(EventWindow window, LaneRows rows) {
    Closing closing = windows.get(window);
    if (closing == null && !span.contains(window)) {
      return notClosed(window);
    }
    long by = closing == null ? span.run() : closing.run();
    return rows.oldestRun() < by ? WindowState.EARLIER_RUN : WindowState.CLOSED;
  }

  /**
   * Whether the lane says that it has nothing in a window. Of a legacy table, and between the
   * windows of an input whose span nobody knows, that is only believed for want of something
   * better.
   */
  boolean saysEmpty(EventWindow window, LaneRows rows) {
    return rows.rows() == 0
        && (windows.containsKey(window) || (span.stated() && span.contains(window)));
  }

  /**
   * Whether these rows are the lane's own answer so far, though it may not have closed the window:
   * none of them was left by an earlier run that the lane's run is about to replace.
   */
  boolean stillHolds(LaneRows rows) {
    return rows.rows() > 0 && rows.oldestRun() >= currentRun;
  }

  private WindowState notClosed(EventWindow window) {
    if (nothingYet && span.isEmpty()) {
      return WindowState.NOT_YET;
    }
    Instant from = span.from().isBefore(all.from()) ? span.from() : all.from();
    Instant to = span.to().isAfter(all.to()) ? span.to() : all.to();
    boolean before = window.start().isBefore(from);
    boolean stated = false;
    for (Span known : List.of(span, scheduled)) {
      boolean reaches = before ? known.from().equals(from) : known.to().equals(to);
      stated |= reaches && known.stated();
    }
    if (before) {
      return stated ? WindowState.BEFORE_SPAN : WindowState.UNKNOWN;
    }
    return stated && window.end().isAfter(to) ? WindowState.NOT_YET : WindowState.UNKNOWN;
  }
}
