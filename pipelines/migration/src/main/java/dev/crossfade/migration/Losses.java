package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Holds what a run has to compute windows from against what they were computed of by the run whose
 * version stands. What that run read may have been let go since, by a topic's retention or its
 * compaction, or in a file or table that has become smaller. Windows of which nothing was recorded
 * are not judged.
 */
final class Losses {
  private static final String RECORDED =
      """
      WITH standing AS (
        SELECT DISTINCT window_start, window_end, coalesce(
          (SELECT c.run FROM crossfade.closed_windows c WHERE c.flow = ? AND c.lane = ?
            AND (c.window_start, c.window_end) = (w.window_start, w.window_end)),
          (SELECT max(r.run) FROM crossfade.runs r WHERE r.flow = ? AND r.lane = ?
            AND r.kind = 'RUN' AND r.span_from IS NULL
            AND (NOT r.staged OR r.put_in_place_at IS NOT NULL))) AS run
        FROM unnest(?::timestamptz[], ?::timestamptz[]) AS w (window_start, window_end)
      ), spans AS (
        SELECT window_start, window_end, run, source, first_position, last_position, events
        FROM standing JOIN crossfade.window_sources USING (run, window_start, window_end)
        WHERE flow = ? AND lane = ?
        UNION ALL
        -- An origin is a source, a colon and a position.
        SELECT window_start, window_end, standing.run, regexp_replace(origin, ':[^:]*$', ''),
          substring(origin FROM '[^:]*$')::bigint, substring(origin FROM '[^:]*$')::bigint, 1
        FROM standing JOIN crossfade.late_records l USING (window_start, window_end)
        WHERE flow = ? AND lane = ? AND restated_by IS NULL
      )
      SELECT window_start, window_end, spans.run, source,
        (SELECT identity FROM crossfade.inputs i WHERE i.flow = ? AND i.lane = ?
          AND (i.run, i.source) = (spans.run, spans.source)),
        min(first_position), max(last_position), sum(events)::bigint
      FROM spans GROUP BY window_start, window_end, run, source
      ORDER BY window_start, window_end, source
      """;

  private static final String FOUND =
      "SELECT window_start, window_end, source, events FROM crossfade.window_sources"
          + " WHERE flow = ? AND lane = ? AND run = ?";

  private static final String UNDECODABLE =
      "SELECT source, undecodable FROM crossfade.origin_ledger"
          + " WHERE flow = ? AND lane = ? AND run = ?";

  private final Connection c;
  private final ResultTable table;
  private final String lane;
  private final Map<EventWindow, List<Recorded>> recorded = new TreeMap<>();

  /** What a window was computed of, of one source. */
  private record Recorded(
      long run, String source, Optional<String> identity, long first, long last, long events) {
    boolean isOf(InputRange input) {
      return input != null && identity.filter(input.identity()::equals).isPresent();
    }
  }

  private Losses(Connection c, ResultTable table, String lane, Collection<EventWindow> windows)
      throws SQLException {
    this.c = c;
    this.table = table;
    this.lane = lane;
    List<Object> parameters = new ArrayList<>();
    String flow = table.flow();
    parameters.addAll(List.of(flow, lane, flow, lane));
    parameters.add(Sql.array(c, windows.stream().map(w -> w.start().toString()).toList()));
    parameters.add(Sql.array(c, windows.stream().map(w -> w.end().toString()).toList()));
    parameters.addAll(List.of(flow, lane, flow, lane, flow, lane));
    Sql.list(
            c,
            row ->
                Map.entry(
                    Sql.window(row, 1),
                    new Recorded(
                        row.getLong(3),
                        row.getString(4),
                        Optional.ofNullable(row.getString(5)),
                        row.getLong(6),
                        row.getLong(7),
                        row.getLong(8))),
            RECORDED,
            parameters.toArray())
        .forEach(
            of -> recorded.computeIfAbsent(of.getKey(), w -> new ArrayList<>()).add(of.getValue()));
  }

  /** As {@link Store#lossesOf} says. */
  static List<WindowLoss> of(
      Connection c,
      ResultTable table,
      String lane,
      Collection<EventWindow> windows,
      Collection<InputRange> inputs)
      throws SQLException {
    Map<String, InputRange> now = bySource(inputs);
    List<WindowLoss> losses = new ArrayList<>();
    new Losses(c, table, lane, windows)
        .recorded.forEach(
            (window, sources) -> {
              // Of sources that are all others, only what comes of them tells.
              if (sources.stream().anyMatch(source -> now.containsKey(source.source()))) {
                for (Recorded source : sources) {
                  whatIsMissing(source, now.get(source.source()))
                      .ifPresent(what -> losses.add(new WindowLoss(window, what)));
                }
              }
            });
    return losses;
  }

  private static Optional<String> whatIsMissing(Recorded then, InputRange now) {
    String was =
        String.format(
            Locale.ROOT,
            "the window's %,d events of it were at %d to %d",
            then.events(),
            then.first(),
            then.last());
    if (now == null) {
      return Optional.of(then.source() + " is there no more; " + was);
    }
    if (then.identity().isPresent() && !then.isOf(now)) {
      return Optional.of(then.source() + " was made anew since; " + was);
    }
    if (then.first() < now.first()) {
      return Optional.of(
          then.source() + " holds nothing before position " + now.first() + " any more; " + was);
    }
    if (now.end().isPresent() && then.last() >= now.end().getAsLong()) {
      return Optional.of(then.source() + " ends at " + now.end().getAsLong() + "; " + was);
    }
    return Optional.empty();
  }

  /** As {@link Store#lossesOfRun} says. */
  static List<WindowLoss> ofRun(
      Connection c,
      ResultTable table,
      String lane,
      long run,
      Collection<EventWindow> windows,
      Collection<InputRange> inputs)
      throws SQLException {
    return new Losses(c, table, lane, windows).against(run, bySource(inputs));
  }

  private List<WindowLoss> against(long run, Map<String, InputRange> now) throws SQLException {
    Map<EventWindow, Map<String, Long>> found = new HashMap<>();
    Sql.list(
            c,
            row -> Map.entry(Sql.window(row, 1), Map.entry(row.getString(3), row.getLong(4))),
            FOUND,
            table.flow(),
            lane,
            run)
        .forEach(
            of ->
                found
                    .computeIfAbsent(of.getKey(), w -> new HashMap<>())
                    .put(of.getValue().getKey(), of.getValue().getValue()));
    Map<EventWindow, Long> duplicatesThen = duplicates(lane);
    Map<EventWindow, Long> duplicatesNow = duplicates(ResultTable.stagingLane(lane, run));
    Map<Long, Map<String, Long>> undecodable = new HashMap<>();
    undecodable.put(run, undecodable(run));
    List<WindowLoss> losses = new ArrayList<>();
    for (Map.Entry<EventWindow, List<Recorded>> entry : recorded.entrySet()) {
      EventWindow window = entry.getKey();
      Map<String, Long> events = found.getOrDefault(window, Map.of());
      for (Recorded source : entry.getValue()) {
        if (!undecodable.containsKey(source.run())) {
          undecodable.put(source.run(), undecodable(source.run()));
        }
      }
      Map<String, Long> deadNow = undecodable.get(run);
      Map<String, Long> deadThen = undecodable.get(entry.getValue().get(0).run());
      if (entry.getValue().stream().allMatch(source -> source.isOf(now.get(source.source())))) {
        for (Recorded source : entry.getValue()) {
          long there =
              events.getOrDefault(source.source(), 0L)
                  // What can be decoded no more is not lost: it is a dead letter.
                  + Math.max(
                      0,
                      deadNow.getOrDefault(source.source(), 0L)
                          - deadThen.getOrDefault(source.source(), 0L));
          if (there < source.events()) {
            losses.add(
                new WindowLoss(
                    window,
                    String.format(
                        Locale.ROOT,
                        "%s has %,d events of it, and the window was computed of %,d, at %d to %d",
                        source.source(),
                        there,
                        source.events(),
                        source.first(),
                        source.last())));
          }
        }
      } else {
        // Other sources have other positions, and need not hold a repetition that one of them does.
        long then =
            sum(entry.getValue().stream().map(Recorded::events).toList())
                - duplicatesThen.getOrDefault(window, 0L);
        long there =
            sum(events.values())
                - duplicatesNow.getOrDefault(window, 0L)
                + Math.max(0, sum(deadNow.values()) - sum(deadThen.values()));
        if (there < then) {
          losses.add(
              new WindowLoss(
                  window,
                  String.format(
                      Locale.ROOT,
                      "the input has %,d events of it, and the window was computed of %,d, of %s",
                      there,
                      then,
                      String.join(
                          ", ", entry.getValue().stream().map(Recorded::source).toList()))));
        }
      }
    }
    return losses;
  }

  private static Map<String, InputRange> bySource(Collection<InputRange> inputs) {
    Map<String, InputRange> now = new HashMap<>();
    inputs.forEach(input -> now.put(input.source(), input));
    return now;
  }

  private Map<EventWindow, Long> duplicates(String of) throws SQLException {
    Map<EventWindow, Long> duplicates = new HashMap<>();
    Sql.list(
            c,
            row -> Map.entry(Sql.window(row, 1), row.getLong(3)),
            "SELECT window_start, window_end, sum(duplicates)::bigint FROM "
                + table.qualifiedName()
                + " WHERE lane = ? AND duplicates > 0 GROUP BY 1, 2",
            of)
        .forEach(each -> duplicates.put(each.getKey(), each.getValue()));
    return duplicates;
  }

  private Map<String, Long> undecodable(long run) throws SQLException {
    Map<String, Long> undecodable = new HashMap<>();
    Sql.list(
            c,
            row -> Map.entry(row.getString(1), row.getLong(2)),
            UNDECODABLE,
            table.flow(),
            lane,
            run)
        .forEach(each -> undecodable.put(each.getKey(), each.getValue()));
    return undecodable;
  }

  private static long sum(Collection<Long> numbers) {
    return numbers.stream().mapToLong(Long::longValue).sum();
  }
}
