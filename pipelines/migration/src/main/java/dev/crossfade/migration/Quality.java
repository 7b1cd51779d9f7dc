package dev.crossfade.migration;

import dev.crossfade.migration.QualityFinding.Verdict;
import dev.crossfade.migration.QualityRule.NullShare;
import dev.crossfade.migration.QualityRule.Range;
import dev.crossfade.migration.QualityRule.SumOfParts;
import dev.crossfade.migration.QualityRule.Volume;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Judges closed windows by rules of the business, and keeps what was found. */
final class Quality {
  private static final String WITHIN =
      "w.window_start >= ?::timestamptz AND w.window_start < ?::timestamptz"
          + " AND w.window_end <= ?::timestamptz";

  private final Session session;

  Quality(Session session) {
    this.session = session;
  }

  /** As {@link Store#judgeQuality} says. */
  List<QualityFinding> judge(
      ResultTable table,
      String lane,
      RunAttempt attempt,
      Collection<? extends QualityRule> rules,
      Optional<EventWindow> within) {
    Map<String, Judgement> judgements = new LinkedHashMap<>();
    for (QualityRule rule : rules) {
      rule.misfit(table)
          .ifPresent(
              message -> {
                throw new IllegalArgumentException(message);
              });
      judgements.put(rule.name(), judgement(rule, "n" + judgements.size()));
    }
    if (judgements.isEmpty()) {
      return List.of();
    }
    List<Object> parameters = new ArrayList<>();
    String sql = sql(table, lane, judgements, within, parameters);
    return session.writeAs(
        attempt,
        "judging the quality of lane '" + lane + "'",
        c -> {
          LaneTable.of(table, lane).check(c);
          return Sql.list(c, Quality::finding, sql, parameters.toArray());
        });
  }

  /** As {@link Store#unjudged} says. */
  NavigableSet<EventWindow> unjudged(
      String flow, String lane, Collection<? extends QualityRule> rules) {
    List<String> names = rules.stream().map(QualityRule::name).toList();
    return session.transaction(
        "looking for unjudged windows of lane '" + lane + "'",
        c ->
            new TreeSet<>(
                Sql.list(
                    c,
                    row -> Sql.window(row, 1),
                    """
                    SELECT DISTINCT w.window_start, w.window_end
                    FROM crossfade.closed_windows w CROSS JOIN unnest(?) AS r (rule)
                    WHERE w.flow = ? AND w.lane = ? AND NOT EXISTS (
                      SELECT FROM crossfade.quality q
                      WHERE (q.flow, q.lane, q.run, q.window_start, q.rule)
                        = (w.flow, w.lane, w.run, w.window_start, r.rule))
                    """,
                    Sql.array(c, names),
                    flow,
                    lane)));
  }

  List<QualityFinding> stored(String flow, String lane, Optional<EventWindow> within) {
    List<Object> parameters = new ArrayList<>(List.of(flow, lane));
    parameters.addAll(bounds(within));
    return session.transaction(
        "reading the quality of lane '" + lane + "'",
        c ->
            Sql.list(
                c,
                Quality::finding,
                """
                SELECT w.window_start, w.window_end, run, q.rule, q.passed, q.found
                FROM crossfade.closed_windows w
                JOIN crossfade.quality q USING (flow, lane, run, window_start, window_end)
                WHERE flow = ? AND lane = ? AND
                """
                    + WITHIN
                    + " ORDER BY w.window_start, w.window_end, q.rule",
                parameters.toArray()));
  }

  private static QualityFinding finding(ResultSet row) throws SQLException {
    Boolean passed = row.getObject(5, Boolean.class);
    return new QualityFinding(
        Sql.window(row, 1),
        row.getLong(3),
        row.getString(4),
        passed == null ? Verdict.INCONCLUSIVE : passed ? Verdict.PASSED : Verdict.VIOLATED,
        row.getString(6));
  }

  private static List<Object> bounds(Optional<EventWindow> within) {
    String to = within.map(span -> Sql.text(span.end())).orElse("infinity");
    return List.of(within.map(span -> Sql.text(span.start())).orElse("-infinity"), to, to);
  }

  /** All rules in one statement, so that the rows are read once. */
  private static String sql(
      ResultTable table,
      String lane,
      Map<String, Judgement> judgements,
      Optional<EventWindow> within,
      List<Object> parameters) {
    StringBuilder sql = new StringBuilder();
    sql.append(
        """
        WITH stats AS (
          SELECT w.window_start, w.window_end, count(*) AS rows
        """);
    judgements.values().forEach(judgement -> sql.append(judgement.aggregates()));
    sql.append(" FROM ").append(table.qualifiedName()).append(" w WHERE lane = ?");
    sql.append(" AND NOT tombstone AND ").append(WITHIN);
    parameters.add(lane);
    parameters.addAll(bounds(within));
    sql.append(
        """
          GROUP BY w.window_start, w.window_end
        ), judged AS (
          SELECT w.flow, w.lane, w.run, w.window_start, w.window_end, v.rule, v.passed, v.found
          FROM crossfade.closed_windows w
          LEFT JOIN stats s USING (window_start, window_end)
          CROSS JOIN LATERAL (
        """);
    String union = "";
    for (Map.Entry<String, Judgement> judgement : judgements.entrySet()) {
      sql.append(union).append("SELECT ?::text AS rule, j.passed, j.found FROM (");
      sql.append(judgement.getValue().verdict()).append(") AS j");
      parameters.add(judgement.getKey());
      parameters.addAll(judgement.getValue().parameters());
      union = " UNION ALL ";
    }
    sql.append(") AS v WHERE w.flow = ? AND w.lane = ? AND ").append(WITHIN);
    parameters.addAll(List.of(table.flow(), lane));
    parameters.addAll(bounds(within));
    sql.append(
        """
        ), kept AS (
          INSERT INTO crossfade.quality
            (flow, lane, run, window_start, window_end, rule, passed, found)
          SELECT flow, lane, run, window_start, window_end, rule, passed, found FROM judged
          -- In one order, so that two who judge at once wait for each other and no more.
          ORDER BY window_start, run, rule
          ON CONFLICT (flow, lane, run, window_start, rule) DO UPDATE
          SET passed = EXCLUDED.passed, found = EXCLUDED.found
        )
        SELECT window_start, window_end, run, rule, passed, found FROM judged
        ORDER BY window_start, window_end, rule
        """);
    return sql.toString();
  }

  /**
   * How a rule is judged.
   *
   * @param aggregates what it needs of the rows {@code w} of a window
   * @param verdict a query that gives {@code passed} and {@code found} in one row, by the window
   *     {@code w} and the aggregates {@code s}, which are null if there is no row
   * @param parameters the values of the query's parameters
   */
  private record Judgement(String aggregates, String verdict, List<Object> parameters) {}

  private static Judgement judgement(QualityRule rule, String name) {
    if (rule instanceof NullShare share) {
      return byRows(
          name,
          column(share.column()) + " IS NULL",
          "rows without a value",
          "s." + name + " <= ? * s.rows",
          share.most());
    }
    if (rule instanceof Range range) {
      String column = column(range.column());
      List<String> outside = new ArrayList<>();
      range.least().ifPresent(bound -> outside.add(column + " < " + bound.toPlainString()));
      range.most().ifPresent(bound -> outside.add(column + " > " + bound.toPlainString()));
      return byRows(name, String.join(" OR ", outside), "rows outside", "s." + name + " = 0");
    }
    if (rule instanceof SumOfParts sum) {
      String parts =
          sum.parts().stream()
              .map(part -> column(part) + "::numeric")
              .collect(Collectors.joining(" + "));
      return byRows(
          name,
          "(" + parts + ") IS DISTINCT FROM " + column(sum.whole()),
          "rows whose parts add up to something else",
          "s." + name + " = 0");
    }
    return byVolume((Volume) rule);
  }

  /** Counts rows that a condition holds for. */
  private static Judgement byRows(
      String name, String condition, String what, String passed, BigDecimal... parameters) {
    return new Judgement(
        ", count(*) FILTER (WHERE " + condition + ") AS " + name,
        "SELECT "
            + passed
            + " AS passed, coalesce(s."
            + name
            + " || ' of ' || s.rows || ' "
            + what
            + "', 'no rows') AS found",
        List.of((Object[]) parameters));
  }

  /** Seconds and not days, which would be those of the session's zone. */
  private static Judgement byVolume(Volume volume) {
    String verdict =
        """
        SELECT now.decoded >= ? * before.decoded AND now.decoded <= ? * before.decoded AS passed,
          now.decoded || coalesce(' events, and ' || before.decoded || ' in ['
            || to_char(before.window_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            || ', ' || to_char(before.window_end AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            || ')', ' events, and no closed window to compare with') AS found
        FROM (
          SELECT coalesce(max(l.decoded), 0) AS decoded FROM crossfade.window_ledger l
          WHERE (l.flow, l.lane, l.run) = (w.flow, w.lane, w.run)
            AND (l.window_start, l.window_end) = (w.window_start, w.window_end)
        ) AS now LEFT JOIN LATERAL (
          SELECT b.window_start, b.window_end, coalesce(l.decoded, 0) AS decoded
          FROM (
            SELECT w.window_start + make_interval(
              secs => extract(epoch FROM w.window_end - w.window_start)::float8 / 2 - ?) AS at
          ) AS middle
          CROSS JOIN LATERAL (
            SELECT * FROM crossfade.closed_windows b
            WHERE b.flow = w.flow AND b.lane = w.lane AND b.window_start <= middle.at
            ORDER BY b.window_start DESC, b.window_end DESC LIMIT 1
          ) AS b
          LEFT JOIN crossfade.window_ledger l
            USING (flow, lane, run, window_start, window_end)
          WHERE middle.at < b.window_end
        ) AS before ON true
        """;
    double seconds = volume.against().toMillis() / 1000.0;
    return new Judgement("", verdict, List.of(volume.least(), volume.most(), seconds));
  }

  private static String column(String name) {
    return "w." + Sql.quote(name);
  }
}
