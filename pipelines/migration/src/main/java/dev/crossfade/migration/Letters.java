package dev.crossfade.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The dead letters of lanes, and what is done about them. */
final class Letters {
  @SuppressWarnings("InlineFormatString") // A query is easier to read apart.
  private static final String CHOSEN =
      " FROM crossfade.dead_letters WHERE flow = ? AND lane = ? AND %s ORDER BY origin LIMIT ?";

  private final Session session;

  Letters(Session session) {
    this.session = session;
  }

  List<StoredLetter> list(String flow, String lane, LetterFilter filter) {
    List<Object> parameters = new ArrayList<>(List.of(flow, lane));
    String chosen = chosen(filter, parameters);
    return session.transaction(
        "reading dead letters of lane '" + lane + "'",
        c ->
            Sql.list(
                c,
                StoredLetter::read,
                "SELECT " + StoredLetter.COLUMNS + chosen,
                parameters.toArray()));
  }

  /** Those of all lanes. */
  List<StoredLetter> list(String flow, LetterFilter filter) {
    List<Object> parameters = new ArrayList<>(List.of(flow));
    String sql =
        "SELECT "
            + StoredLetter.COLUMNS
            + " FROM crossfade.dead_letters WHERE flow = ? AND "
            + filter.sql(parameters)
            + " ORDER BY lane, origin LIMIT ?";
    parameters.add(filter.limit());
    return session.transaction(
        "reading dead letters of flow '" + flow + "'",
        c -> Sql.list(c, StoredLetter::read, sql, parameters.toArray()));
  }

  /** As {@link Store#deadShare} says. */
  DeadShare share(String flow, String lane, long run) {
    return session.transaction(
        "counting the dead letters of run " + run,
        c ->
            new DeadShare(
                Sql.number(
                    c,
                    "SELECT coalesce(sum(decoded + undecodable), 0) FROM crossfade.origin_ledger"
                        + " WHERE flow = ? AND lane = ? AND run = ?",
                    flow,
                    lane,
                    run),
                Sql.number(
                    c,
                    "SELECT count(*) FROM crossfade.dead_letter_runs"
                        + " WHERE flow = ? AND lane = ? AND run = ?",
                    flow,
                    lane,
                    run)));
  }

  /** As {@link Store#discard} says. */
  int discard(String flow, String lane, LetterFilter filter, String reason) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException(
          "a dead letter is not discarded without a reason; say why it is not needed");
    }
    List<Object> parameters = new ArrayList<>(List.of(reason, flow, lane, flow, lane));
    String chosen = chosen(filter, parameters);
    long discarded =
        session.transaction(
            "discarding dead letters of lane '" + lane + "'",
            c ->
                Sql.update(
                    c,
                    """
                    UPDATE crossfade.dead_letters
                    SET status = 'DISCARDED', resolved_reason = ?,
                      resolved_at = clock_timestamp()
                    WHERE flow = ? AND lane = ? AND status = 'OPEN' AND origin IN (
                      SELECT origin
                    """
                        + chosen
                        + ")",
                    parameters.toArray()));
    return Math.toIntExact(discarded);
  }

  private static String chosen(LetterFilter filter, List<Object> parameters) {
    String chosen = String.format(Locale.ROOT, CHOSEN, filter.sql(parameters));
    parameters.add(filter.limit());
    return chosen;
  }
}
