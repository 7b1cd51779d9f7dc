package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the store knows of a run.
 *
 * @param run its number
 * @param flow the flow
 * @param lane the lane
 * @param runner what it runs on
 * @param kind what it is for
 * @param staged whether its rows are kept aside until they are put in place
 * @param span the event time that it computes; empty if that is all of it
 * @param reason why it is done
 * @param attempts how often it was started; more than once if it was resumed
 * @param startedAt when it began
 * @param putInPlaceAt when its rows were put in place
 * @param endedAt when it ended; empty if it is under way, or was cut off and could not say so
 * @param outcome how it ended
 * @param stateFingerprint what decides whether state that was kept fits the graph
 * @param stateDescription what the state's fingerprint was made of
 * @param logicFingerprint what decides whether results are those of the same logic
 * @param restoreFrom the directory in which its checkpoints are kept
 * @param savepoint where the savepoint is that it was stopped with
 * @param stopRequested how it is to stop, if it was told to
 * @param covers the span of event time that its input is complete for, if somebody said so
 */
public record StoredRun(
    long run,
    String flow,
    String lane,
    String runner,
    RunKind kind,
    boolean staged,
    Optional<EventWindow> span,
    Optional<String> reason,
    int attempts,
    Instant startedAt,
    Optional<Instant> putInPlaceAt,
    Optional<Instant> endedAt,
    Optional<String> outcome,
    Optional<String> stateFingerprint,
    Optional<String> stateDescription,
    Optional<String> logicFingerprint,
    Optional<String> restoreFrom,
    Optional<String> savepoint,
    Optional<StopKind> stopRequested,
    Optional<EventWindow> covers) {

  /** How a run ends that did what it was asked for. */
  public static final String SUCCEEDED = "SUCCEEDED";

  /** How a stream ends that was told to compute what it had read, and to stop. */
  public static final String DRAINED = "DRAINED";

  /** How a run ends that was cut off and could not say so. */
  public static final String LOST = "LOST";

  /** What {@link #read} needs of the table {@code runs}. */
  private static final String COLUMNS =
      """
      run, flow, lane, runner, kind, staged, span_from, span_to, reason, attempts, started_at,
      put_in_place_at, ended_at, outcome, state_fingerprint, state_description, logic_fingerprint,
      restore_from, savepoint, stop_requested, covers_from, covers_to
      """;

  static Optional<StoredRun> find(Connection c, long run) throws SQLException {
    return list(c, "run = ?", run).stream().findFirst();
  }

  /** The run that computes the windows of a lane which no later one has computed again. */
  static Optional<StoredRun> ofWholeLane(Connection c, String flow, String lane)
      throws SQLException {
    return list(
            c,
            """
            run = (SELECT max(run) FROM crossfade.runs
              WHERE flow = ? AND lane = ? AND kind = 'RUN' AND span_from IS NULL
                AND (NOT staged OR put_in_place_at IS NOT NULL))
            """,
            flow,
            lane)
        .stream()
        .findFirst();
  }

  /** A run, which nobody else changes before the end of the transaction. */
  static Optional<StoredRun> lock(Connection c, long run) throws SQLException {
    Sql.list(c, row -> run, "SELECT run FROM crossfade.runs WHERE run = ? FOR UPDATE", run);
    return find(c, run);
  }

  /** The runs that a condition holds for, the newest one first. */
  static List<StoredRun> list(Connection c, String condition, Object... parameters)
      throws SQLException {
    return Sql.list(
        c,
        StoredRun::read,
        "SELECT " + COLUMNS + " FROM crossfade.runs WHERE " + condition + " ORDER BY run DESC",
        parameters);
  }

  private static StoredRun read(ResultSet row) throws SQLException {
    return new StoredRun(
        row.getLong("run"),
        row.getString("flow"),
        row.getString("lane"),
        row.getString("runner"),
        RunKind.valueOf(row.getString("kind")),
        row.getBoolean("staged"),
        Sql.optionalWindow(row, row.findColumn("span_from")),
        text(row, "reason"),
        row.getInt("attempts"),
        Sql.instant(row, row.findColumn("started_at")),
        Optional.ofNullable(Sql.instant(row, row.findColumn("put_in_place_at"))),
        Optional.ofNullable(Sql.instant(row, row.findColumn("ended_at"))),
        text(row, "outcome"),
        text(row, "state_fingerprint"),
        text(row, "state_description"),
        text(row, "logic_fingerprint"),
        text(row, "restore_from"),
        text(row, "savepoint"),
        text(row, "stop_requested").map(StopKind::valueOf),
        Sql.optionalWindow(row, row.findColumn("covers_from")));
  }

  private static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  /**
   * Whether all that it read is in the lane: it is done, was drained, or was put in place. Of a run
   * under way, or of one that was stopped with its state kept, a part is still in that state.
   */
  public boolean isComplete() {
    return isFinished() || putInPlaceAt.isPresent();
  }

  /** Whether it had to read its sources to their ends: a stream that was drained had not. */
  boolean hasReadAll() {
    return outcome.filter(how -> how.equals(SUCCEEDED)).isPresent() || putInPlaceAt.isPresent();
  }

  /** Whether it ended so that there is nothing to go on with. */
  boolean isFinished() {
    return outcome.filter(how -> how.equals(SUCCEEDED) || how.equals(DRAINED)).isPresent();
  }
}
