package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts what a run has kept aside in the place of what its lane held, as one version. */
final class PutInPlace {
  private final Connection c;
  private final ResultTable table;
  private final String lane;
  private final long run;
  private final String stage;

  private PutInPlace(Connection c, ResultTable table, String lane, long run) {
    this.c = c;
    this.table = table;
    this.lane = lane;
    this.run = run;
    this.stage = ResultTable.stagingLane(lane, run);
  }

  /**
   * Does it within the transaction of a connection, which has to be one that the run may write in,
   * as {@link Store#putInPlace} says.
   */
  static Replaced in(
      Connection c,
      ResultTable table,
      String lane,
      long run,
      Optional<? extends Collection<EventWindow>> scope,
      Collection<String> resolvedOrigins)
      throws SQLException {
    PutInPlace work = new PutInPlace(c, table, lane, run);
    // A second call waits for the first one, and finds nothing to do.
    StoredRun stored = work.check(StoredRun.lock(c, run));
    if (stored.putInPlaceAt().isPresent()) {
      return Replaced.NOTHING;
    }
    Replaced replaced =
        scope.isPresent()
            ? work.windows(Scope.of(c, scope.get()), resolvedOrigins)
            : work.everything();
    LaneChanges.removeDeadStages(c, table, lane);
    Sql.update(
        c, "UPDATE crossfade.runs SET put_in_place_at = clock_timestamp() WHERE run = ?", run);
    return replaced;
  }

  /** As {@link Store#heldRows} says. */
  static HeldRows held(
      Connection c,
      ResultTable table,
      String lane,
      long run,
      Optional<? extends Collection<EventWindow>> scope)
      throws SQLException {
    List<Object> parameters = new ArrayList<>(List.of(lane, run));
    if (scope.isPresent()) {
      Scope within = Scope.of(c, scope.get());
      parameters.addAll(List.of(within.starts(), within.ends()));
    }
    return Sql.list(
            c,
            row -> new HeldRows(row.getLong(1), row.getLong(2)),
            "SELECT count(*), count(DISTINCT (window_start, window_end)) FROM "
                + table.qualifiedName()
                + " WHERE lane = ? AND run < ? AND NOT tombstone"
                + (scope.isPresent() ? " AND" + IN_SCOPE : ""),
            parameters.toArray())
        .get(0);
  }

  private StoredRun check(Optional<StoredRun> found) {
    StoredRun stored =
        found
            .filter(r -> r.flow().equals(table.flow()) && r.lane().equals(lane))
            .orElseThrow(
                () ->
                    new StoreException(
                        "run "
                            + run
                            + " is not one of lane '"
                            + lane
                            + "' of flow '"
                            + table.flow()
                            + "', and nothing of it can be put in place there"));
    if (!stored.staged()) {
      throw new StoreException(
          "run " + run + " writes lane '" + lane + "' itself; there is nothing to put in place");
    }
    return stored;
  }

  /** Windows as SQL takes them. */
  private record Scope(Array starts, Array ends) {
    /** Takes the parameters {@link #starts} and {@link #ends}. */
    static final String WINDOWS =
        "SELECT * FROM unnest(?::timestamptz[], ?::timestamptz[]) AS w (window_start, window_end)";

    static Scope of(Connection c, Collection<EventWindow> windows) throws SQLException {
      return new Scope(
          Sql.array(c, windows.stream().map(window -> Sql.text(window.start())).toList()),
          Sql.array(c, windows.stream().map(window -> Sql.text(window.end())).toList()));
    }
  }

  private static final String IN_SCOPE = " (window_start, window_end) IN (" + Scope.WINDOWS + ")";

  private Replaced everything() throws SQLException {
    Removed removed = LaneChanges.remove(c, table, lane, run);
    long rows = rename();
    long windows =
        Sql.update(
            c,
            "UPDATE crossfade.closed_windows SET lane = ? WHERE flow = ? AND lane = ?",
            lane,
            table.flow(),
            stage);
    return new Replaced(removed.rows(), rows, windows, 0, 0);
  }

  private Replaced windows(Scope scope, Collection<String> resolvedOrigins) throws SQLException {
    refuseStrayRows(scope);
    if (streamMayGoOn()) {
      keepTombstones(scope);
    }
    long removed =
        Sql.update(
            c,
            "DELETE FROM " + table.qualifiedName() + " WHERE lane = ? AND run < ? AND" + IN_SCOPE,
            lane,
            run,
            scope.starts(),
            scope.ends());
    long rows = rename();
    long windows = close(scope);
    long restated =
        Sql.update(
            c,
            "UPDATE crossfade.late_records SET restated_by = ?"
                + " WHERE flow = ? AND lane = ? AND run < ? AND"
                + IN_SCOPE,
            run,
            table.flow(),
            lane,
            run,
            scope.starts(),
            scope.ends());
    return new Replaced(removed, rows, windows, resolve(scope, resolvedOrigins), restated);
  }

  private void refuseStrayRows(Scope scope) throws SQLException {
    List<EventWindow> stray =
        Sql.list(
            c,
            row -> Sql.window(row, 1),
            "SELECT window_start, window_end FROM "
                + table.qualifiedName()
                + " WHERE lane = ? AND NOT"
                + IN_SCOPE
                + " ORDER BY 1 LIMIT 1",
            stage,
            scope.starts(),
            scope.ends());
    if (!stray.isEmpty()) {
      throw new IllegalStateException(
          "run " + run + " has computed " + stray.get(0) + ", which it was not asked for");
    }
  }

  /** Whether there is a stream that writes the lane, or that may be resumed and would. */
  private boolean streamMayGoOn() throws SQLException {
    return StoredRun.list(
            c,
            "run = (SELECT max(run) FROM crossfade.runs"
                + " WHERE flow = ? AND lane = ? AND kind = 'RUN' AND NOT staged)",
            table.flow(),
            lane)
        .stream()
        .anyMatch(stream -> !stream.isFinished());
  }

  /**
   * Leaves a tombstone where a row vanishes. A stream that goes on from an older checkpoint writes
   * its rows once more; an older version does not replace a tombstone, but would fill a gap.
   */
  private void keepTombstones(Scope scope) throws SQLException {
    String address =
        table.address().names().stream().map(Sql::quote).collect(Collectors.joining(", "));
    Sql.update(
        c,
        "INSERT INTO "
            + table.qualifiedName()
            + " (lane, "
            + address
            + ", folded, duplicates, tombstone, run) SELECT ?, "
            + address
            + ", 0, 0, true, ? FROM "
            + table.qualifiedName()
            + " WHERE lane = ? AND run < ? AND"
            + IN_SCOPE
            + " ON CONFLICT DO NOTHING",
        stage,
        run,
        lane,
        run,
        scope.starts(),
        scope.ends());
  }

  private long rename() throws SQLException {
    return Sql.update(
        c, "UPDATE " + table.qualifiedName() + " SET lane = ? WHERE lane = ?", lane, stage);
  }

  /** A window of the scope is closed by this run even if it has not a single row. */
  private long close(Scope scope) throws SQLException {
    Sql.update(
        c, "DELETE FROM crossfade.closed_windows WHERE flow = ? AND lane = ?", table.flow(), stage);
    return Sql.update(
        c,
        "INSERT INTO crossfade.closed_windows AS w (flow, lane, run, window_start, window_end)"
            + " SELECT ?, ?, ?, window_start, window_end FROM ("
            + Scope.WINDOWS
            + ") AS scope GROUP BY window_start, window_end"
            + " ON CONFLICT (flow, lane, window_start, window_end)"
            + " DO UPDATE SET run = EXCLUDED.run, closed_at = clock_timestamp()",
        table.flow(),
        lane,
        run,
        scope.starts(),
        scope.ends());
  }

  /** Dead letters that this run has read and did not see again: it could process them. */
  private long resolve(Scope scope, Collection<String> resolvedOrigins) throws SQLException {
    List<Object> parameters = new ArrayList<>(List.of(run, run, table.flow(), lane, run));
    parameters.addAll(List.of(scope.starts(), scope.ends()));
    parameters.add(Sql.array(c, resolvedOrigins));
    return Sql.update(
        c,
        """
        UPDATE crossfade.dead_letters
        SET status = 'REPLAYED', resolved_by = ?, resolved_at = clock_timestamp(),
          resolved_reason = (SELECT reason FROM crossfade.runs WHERE run = ?)
        WHERE flow = ? AND lane = ? AND run < ? AND status = 'OPEN' AND (
        """
            + IN_SCOPE
            + " OR origin = ANY (?))",
        parameters.toArray());
  }
}
