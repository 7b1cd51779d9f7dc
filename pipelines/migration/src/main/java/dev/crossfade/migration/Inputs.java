package dev.crossfade.migration;

import java.sql.PreparedStatement;
import java.util.Arrays;
import java.util.List;

/** What there was to read, by run. */
final class Inputs {
  private final Session session;

  Inputs(Session session) {
    this.session = session;
  }

  void record(String flow, String lane, RunAttempt attempt, List<InputRange> ranges) {
    session.writeAs(
        attempt,
        "recording the inputs of run " + attempt.run(),
        c -> {
          try (PreparedStatement statement =
              c.prepareStatement(
                  """
                  INSERT INTO crossfade.inputs
                    (flow, lane, run, source, identity, first_position, end_position, counted)
                  VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                  ON CONFLICT (flow, lane, run, source) DO UPDATE
                  SET identity = EXCLUDED.identity, first_position = EXCLUDED.first_position,
                    end_position = EXCLUDED.end_position, counted = EXCLUDED.counted
                  """)) {
            for (InputRange range : ranges) {
              Long end = range.end().isPresent() ? range.end().getAsLong() : null;
              Sql.bind(
                  statement,
                  Arrays.asList(
                      flow,
                      lane,
                      attempt.run(),
                      range.source(),
                      range.identity(),
                      range.first(),
                      end,
                      range.counted()));
              statement.addBatch();
            }
            statement.executeBatch();
          }
          return null;
        });
  }

  List<InputRange> of(String flow, String lane, long run) {
    return session.transaction(
        "reading the inputs of run " + run,
        c ->
            Sql.list(
                c,
                row ->
                    new InputRange(
                        row.getString(1),
                        row.getString(2),
                        row.getLong(3),
                        Sql.optionalLong(row, 4),
                        row.getBoolean(5)),
                """
                SELECT source, identity, first_position, end_position, counted
                FROM crossfade.inputs
                WHERE flow = ? AND lane = ? AND run = ? ORDER BY source
                """,
                flow,
                lane,
                run));
  }
}
