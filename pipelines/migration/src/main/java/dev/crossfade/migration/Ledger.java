package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the ledgers of a lane and holds them against what the lane has. */
final class Ledger {
  /** Windows within a span. The start has two bounds for the sake of the indexes that have it. */
  private static final String WITHIN =
      " window_start >= ?::timestamptz AND window_start < ?::timestamptz"
          + " AND window_end <= ?::timestamptz";

  /**
   * Everything that is known of each window; the run that is looked at is the one whose version
   * stands, and for an open window the one that computes the lane.
   */
  @SuppressWarnings("InlineFormatString") // A query is easier to read apart.
  private static final String WINDOWS =
      """
      WITH closed AS (
        SELECT window_start, window_end, run FROM crossfade.closed_windows
        WHERE flow = ? AND lane = ? AND %1$s
      ), results AS (
        SELECT window_start, window_end, sum(folded) AS counted, sum(duplicates) AS duplicates
        FROM %2$s WHERE lane = ? AND %1$s GROUP BY window_start, window_end
      ), late AS (
        SELECT window_start, window_end, count(*) AS late, count(restated_by) AS restated
        FROM crossfade.late_records WHERE flow = ? AND lane = ? AND %1$s
        GROUP BY window_start, window_end
      ), decoded AS (
        SELECT run, window_start, window_end, decoded, filtered FROM crossfade.window_ledger
        WHERE flow = ? AND lane = ? AND %1$s
      ), dead AS (
        SELECT r.run, r.window_start, r.window_end, count(*) AS dead
        FROM crossfade.dead_letter_runs r JOIN crossfade.dead_letters d USING (flow, lane, origin)
        WHERE r.flow = ? AND r.lane = ? AND r.window_start IS NOT NULL
        GROUP BY r.run, r.window_start, r.window_end
      ), conflicting AS (
        SELECT run, window_start, window_end, count(*) AS conflicts
        FROM crossfade.conflicts WHERE flow = ? AND lane = ? AND %1$s
        GROUP BY run, window_start, window_end
      ), known AS (
        SELECT window_start, window_end FROM closed
        UNION SELECT window_start, window_end FROM results
        UNION SELECT window_start, window_end FROM late
        UNION SELECT window_start, window_end FROM decoded WHERE run = ?
      ), standing AS (
        SELECT window_start, window_end, closed.run IS NOT NULL AS closed,
          coalesce(closed.run, ?) AS run
        FROM known LEFT JOIN closed USING (window_start, window_end)
      )
      SELECT window_start, window_end, run, closed,
        EXISTS (SELECT FROM crossfade.runs r
          WHERE r.run = standing.run AND r.kind = 'RESTATEMENT'),
        coalesce(decoded, 0), coalesce(counted, 0)::bigint, coalesce(filtered, 0),
        coalesce(duplicates, 0)::bigint, coalesce(dead, 0), coalesce(conflicts, 0),
        coalesce(late, 0), coalesce(restated, 0)
      FROM standing
      LEFT JOIN decoded USING (run, window_start, window_end)
      LEFT JOIN dead USING (run, window_start, window_end)
      LEFT JOIN conflicting USING (run, window_start, window_end)
      LEFT JOIN results USING (window_start, window_end)
      LEFT JOIN late USING (window_start, window_end)
      ORDER BY window_start, window_end
      """;

  private static final String SOURCES =
      """
      WITH input AS (
        SELECT run, source, identity, first_position, end_position, counted FROM crossfade.inputs
        WHERE flow = ? AND lane = ? AND run = ANY (?::bigint[])
      ), origin AS (
        SELECT run, source, decoded, outside, undecodable, without_content, next_position
        FROM crossfade.origin_ledger WHERE flow = ? AND lane = ? AND run = ANY (?::bigint[])
      ), dead AS (
        -- An origin is a source, a colon and a position.
        SELECT r.run, regexp_replace(r.origin, ':[^:]*$', '') AS source, count(*) AS dead
        FROM crossfade.dead_letter_runs r JOIN crossfade.dead_letters d USING (flow, lane, origin)
        WHERE r.flow = ? AND r.lane = ? AND r.run = ANY (?::bigint[]) AND r.window_start IS NULL
        GROUP BY 1, 2
      )
      SELECT run, source, identity, first_position, end_position, coalesce(counted, false),
        coalesce(next_position, first_position), coalesce(decoded, 0), coalesce(outside, 0),
        coalesce(undecodable, 0), coalesce(without_content, 0), coalesce(dead, 0)
      FROM input FULL JOIN origin USING (run, source) FULL JOIN dead USING (run, source)
      ORDER BY run, source
      """;

  private static final String MEETS =
      """
      SELECT run,
        (SELECT coalesce(sum(decoded - outside), 0)::bigint FROM crossfade.origin_ledger o
          WHERE o.flow = r.flow AND o.lane = r.lane AND o.run = r.run),
        (SELECT coalesce(sum(decoded), 0)::bigint FROM crossfade.window_ledger w
          WHERE w.flow = r.flow AND w.lane = r.lane AND w.run = r.run),
        (SELECT count(*) FROM crossfade.late_records l
          WHERE l.flow = r.flow AND l.lane = r.lane AND l.run = r.run)
      FROM crossfade.runs r WHERE run = ANY (?::bigint[]) ORDER BY run
      """;

  private final Connection c;
  private final ResultTable table;
  private final String lane;
  private final Optional<EventWindow> within;

  private Ledger(Connection c, ResultTable table, String lane, Optional<EventWindow> within) {
    this.c = c;
    this.table = table;
    this.lane = lane;
    this.within = within;
  }

  /** Reads them within the transaction of a connection, which has to see one moment. */
  static LedgerReport read(
      Connection c, ResultTable table, String lane, Optional<EventWindow> within)
      throws SQLException {
    LaneTable.of(table, lane).check(c);
    return new Ledger(c, table, lane, within).read();
  }

  private LedgerReport read() throws SQLException {
    long whole = runOfWholeLane();
    List<WindowLine> windows = windows(whole);
    Set<Long> standing = new HashSet<>();
    windows.forEach(line -> standing.add(line.run()));
    if (within.isEmpty()) {
      standing.add(whole);
    }
    Map<Long, StoredRun> runs =
        StoredRun.list(
                c,
                "flow = ? AND lane = ? AND run = ANY (?::bigint[])",
                table.flow(),
                lane,
                numbers(standing))
            .stream()
            .collect(Collectors.toMap(StoredRun::run, Function.identity()));
    return LedgerReport.of(
        table.flow(), lane, sources(runs), windows, meets(runs), acceptedLosses(runs));
  }

  /** The run that computes the windows which no later one has computed again; 0 for none. */
  private long runOfWholeLane() throws SQLException {
    return StoredRun.ofWholeLane(c, table.flow(), lane).map(StoredRun::run).orElse(0L);
  }

  private List<WindowLine> windows(long whole) throws SQLException {
    String from = within.map(span -> Sql.text(span.start())).orElse("-infinity");
    String to = within.map(span -> Sql.text(span.end())).orElse("infinity");
    List<Object> ofLane = List.of(table.flow(), lane);
    List<Object> inSpan = List.of(from, to, to);
    List<Object> parameters = new ArrayList<>(ofLane);
    parameters.addAll(inSpan);
    parameters.add(lane);
    parameters.addAll(inSpan);
    for (int i = 0; i < 2; i++) { // late, decoded
      parameters.addAll(ofLane);
      parameters.addAll(inSpan);
    }
    parameters.addAll(ofLane); // dead
    parameters.addAll(ofLane); // conflicting
    parameters.addAll(inSpan);
    parameters.add(whole);
    parameters.add(whole);
    return Sql.list(
        c,
        Ledger::window,
        String.format(Locale.ROOT, WINDOWS, WITHIN, table.qualifiedName()),
        parameters.toArray());
  }

  private static WindowLine window(ResultSet row) throws SQLException {
    return new WindowLine(
        Sql.window(row, 1),
        row.getLong(3),
        row.getBoolean(4),
        row.getBoolean(5),
        row.getLong(6),
        row.getLong(7),
        row.getLong(8),
        row.getLong(9),
        row.getLong(10),
        row.getLong(11),
        row.getLong(12),
        row.getLong(13));
  }

  private List<SourceLine> sources(Map<Long, StoredRun> runs) throws SQLException {
    Array numbers = numbers(runs.keySet());
    String flow = table.flow();
    return Sql.list(
        c,
        row -> source(row, runs),
        SOURCES,
        flow,
        lane,
        numbers,
        flow,
        lane,
        numbers,
        flow,
        lane,
        numbers);
  }

  private static SourceLine source(ResultSet row, Map<Long, StoredRun> runs) throws SQLException {
    StoredRun run = runs.get(row.getLong(1));
    String source = row.getString(2);
    String identity = row.getString(3);
    Optional<InputRange> input =
        identity == null
            ? Optional.empty()
            : Optional.of(
                new InputRange(
                    source, identity, row.getLong(4), Sql.optionalLong(row, 5), row.getBoolean(6)));
    return new SourceLine(
        run.run(),
        source,
        input,
        row.getLong(7),
        row.getLong(8),
        row.getLong(9),
        row.getLong(10),
        row.getLong(11),
        row.getLong(12),
        run.isComplete(),
        run.hasReadAll());
  }

  private List<String> acceptedLosses(Map<Long, StoredRun> runs) throws SQLException {
    return Sql.list(
        c,
        row -> "run " + row.getLong(1) + ": " + row.getString(2),
        "SELECT run, accepted_loss FROM crossfade.runs"
            + " WHERE run = ANY (?::bigint[]) AND accepted_loss IS NOT NULL ORDER BY run",
        numbers(runs.keySet()));
  }

  private List<MeetLine> meets(Map<Long, StoredRun> runs) throws SQLException {
    return Sql.list(c, row -> meet(row, runs), MEETS, numbers(runs.keySet()));
  }

  private static MeetLine meet(ResultSet row, Map<Long, StoredRun> runs) throws SQLException {
    StoredRun run = runs.get(row.getLong(1));
    return new MeetLine(
        run.run(), run.kind(), run.isComplete(), row.getLong(2), row.getLong(3), row.getLong(4));
  }

  private Array numbers(Set<Long> runs) throws SQLException {
    return Sql.array(c, runs.stream().sorted().map(String::valueOf).toList());
  }
}
