package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Which runs there are, which of them may begin, and how they end. */
final class Runs {
  private static final String OF_LANE = "flow = ? AND lane = ?";

  private final Session session;

  Runs(Session session) {
    this.session = session;
  }

  /** As {@link Store#begin} says. */
  RunLease begin(RunRequest request) {
    return RunLease.take(
        session.database(),
        "beginning a run of lane '" + request.lane() + "'",
        c -> {
          RunLocks.awaitLane(c, request.flow(), request.lane());
          for (StoredRun other : underWay(c, request)) {
            if (!mayRunBeside(request, other)) {
              buryOrRefuse(c, other);
            }
          }
          if (!request.staged()) {
            refuseBesideNewest(c, request);
          }
          StoredRun run = insert(c, request);
          if (!RunLocks.take(c, run.run())) {
            throw new IllegalStateException("run " + run.run() + " was held before it began");
          }
          if (!request.staged()) {
            // The run is about to replace what earlier ones have closed, and until it has closed a
            // window, the window may hold rows of both.
            for (String closed : List.of("closed_windows", "frontiers")) {
              Sql.update(
                  c,
                  "DELETE FROM crossfade." + closed + " WHERE " + OF_LANE,
                  request.flow(),
                  request.lane());
            }
          }
          return run;
        });
  }

  /** The runs of the lane that have not ended and that compute an instant that this one does. */
  private static List<StoredRun> underWay(Connection c, RunRequest request) throws SQLException {
    Instant from = request.span().map(span -> span.start()).orElse(null);
    Instant to = request.span().map(span -> span.end()).orElse(null);
    return StoredRun.list(
        c,
        OF_LANE
            + """
               AND ended_at IS NULL
               AND coalesce(span_from < ?::timestamptz, true)
               AND coalesce(?::timestamptz < span_to, true)
              """,
        request.flow(),
        request.lane(),
        to,
        from);
  }

  /** A restatement computes closed windows, which a stream at work on the lane has done with. */
  private static boolean mayRunBeside(RunRequest request, StoredRun other) {
    return request.kind() == RunKind.RESTATEMENT && other.kind() == RunKind.RUN && !other.staged();
  }

  /** What its row says of the newest run is not what its process does. */
  private static void refuseBesideNewest(Connection c, RunRequest request) throws SQLException {
    Optional<StoredRun> newest =
        newest(c, request.flow(), request.lane()).filter(run -> !run.staged());
    if (newest.isPresent()) {
      // One that has just been entered as ended gives up its lock right after that.
      if (!RunLocks.isFreeSoon(c, newest.get().run())) {
        throw new LaneBusyException(newest.get());
      }
      RunLocks.awaitWriters(c, newest.get().run());
    }
  }

  /** Enters that a run is dead, unless it is alive. */
  private static void buryOrRefuse(Connection c, StoredRun other) throws SQLException {
    if (!RunLocks.isFree(c, other.run())) {
      throw new LaneBusyException(other);
    }
    RunLocks.awaitWriters(c, other.run());
    // One that was put in place and then cut off has done what it was asked for.
    Sql.update(
        c,
        "UPDATE crossfade.runs SET ended_at = clock_timestamp(),"
            + " outcome = CASE WHEN put_in_place_at IS NULL THEN ? ELSE ? END"
            + " WHERE run = ? AND ended_at IS NULL",
        StoredRun.LOST,
        StoredRun.SUCCEEDED,
        other.run());
    if (other.staged()) {
      // Whatever was put in place goes by the lane's name, and is not among these rows.
      LaneChanges.removeStaged(c, other.flow(), other.lane(), other.run());
    }
  }

  private static StoredRun insert(Connection c, RunRequest request) throws SQLException {
    long run =
        Sql.number(
            c,
            """
            INSERT INTO crossfade.runs (flow, lane, runner, kind, staged, span_from, span_to,
              reason, state_fingerprint, state_description, logic_fingerprint, covers_from, covers_to)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING run
            """,
            request.flow(),
            request.lane(),
            request.runner(),
            request.kind().name(),
            request.staged(),
            request.span().map(span -> span.start()).orElse(null),
            request.span().map(span -> span.end()).orElse(null),
            request.reason().orElse(null),
            request.stateFingerprint().orElse(null),
            request.stateDescription().orElse(null),
            request.logicFingerprint().orElse(null),
            request.covers().map(EventWindow::start).orElse(null),
            request.covers().map(EventWindow::end).orElse(null));
    return StoredRun.find(c, run).orElseThrow();
  }

  /** As {@link Store#resume} says. */
  RunLease resume(String flow, String lane) {
    return RunLease.take(
        session.database(),
        "resuming lane '" + lane + "'",
        c -> {
          RunLocks.awaitLane(c, flow, lane);
          StoredRun run =
              newest(c, flow, lane)
                  .filter(newest -> !newest.staged())
                  .orElseThrow(() -> nothingToResume(flow, lane, "it has no run of a stream"));
          if (run.isFinished()) {
            throw nothingToResume(
                flow, lane, "its run " + run.run() + " ended as " + run.outcome().orElseThrow());
          }
          boolean taken =
              run.endedAt().isPresent()
                  ? RunLocks.takeSoon(c, run.run())
                  : RunLocks.take(c, run.run());
          if (!taken) {
            throw new LaneBusyException(run);
          }
          RunLocks.awaitWriters(c, run.run());
          Sql.update(
              c,
              """
              UPDATE crossfade.runs SET attempts = attempts + 1, ended_at = NULL, outcome = NULL,
                counts = NULL, stop_requested = NULL, stop_trouble = NULL
              WHERE run = ?
              """,
              run.run());
          return StoredRun.find(c, run.run()).orElseThrow();
        });
  }

  private static NoRunException nothingToResume(String flow, String lane, String why) {
    return new NoRunException(
        "lane '"
            + lane
            + "' of flow '"
            + flow
            + "' cannot be resumed: "
            + why
            + "; begin a new run, which computes the lane from the start");
  }

  private static Optional<StoredRun> newest(Connection c, String flow, String lane)
      throws SQLException {
    return StoredRun.list(
            c,
            "run = (SELECT max(run) FROM crossfade.runs WHERE " + OF_LANE + " AND kind = 'RUN')",
            flow,
            lane)
        .stream()
        .findFirst();
  }

  /** As {@link Store#endRun} says. */
  void end(RunAttempt attempt, String outcome, String countsJson) {
    session.writeAs(
        attempt,
        "ending run " + attempt.run(),
        c ->
            Sql.update(
                c,
                """
                UPDATE crossfade.runs
                SET ended_at = clock_timestamp(), outcome = ?, counts = ?::jsonb
                WHERE run = ?
                """,
                outcome,
                countsJson,
                attempt.run()));
  }

  Optional<StoredRun> stored(String flow, String lane) {
    return session.transaction("reading the newest run", c -> newest(c, flow, lane));
  }

  Optional<StoredRun> stored(long run) {
    return session.transaction("reading run " + run, c -> StoredRun.find(c, run));
  }

  /** As {@link Store#requestStop} says. */
  long requestStop(String flow, String lane, StopKind how) {
    return session.transaction(
        "stopping lane '" + lane + "'",
        c -> {
          RunLocks.awaitLane(c, flow, lane);
          StoredRun run =
              newest(c, flow, lane)
                  .filter(newest -> !newest.staged() && newest.endedAt().isEmpty())
                  .orElseThrow(() -> nothingToStop(flow, lane, "no run of a stream is under way"));
          if (RunLocks.isFree(c, run.run())) {
            throw nothingToStop(
                flow, lane, "run " + run.run() + " has not ended, but its process is gone");
          }
          set(c, run.run(), "stop_requested", how.name());
          return run.run();
        });
  }

  private static NoRunException nothingToStop(String flow, String lane, String why) {
    return new NoRunException(
        "there is nothing to stop in lane '" + lane + "' of flow '" + flow + "': " + why);
  }

  /** Replaces one thing that the store knows of a run. */
  void record(RunAttempt attempt, String column, String value) {
    session.writeAs(
        attempt,
        "recording " + column + " of run " + attempt.run(),
        c -> {
          set(c, attempt.run(), column, value);
          return null;
        });
  }

  void checkpoint(RunAttempt attempt, String newest, Duration every) {
    session.writeAs(
        attempt,
        "recording the newest checkpoint of run " + attempt.run(),
        c ->
            Sql.update(
                c,
                "UPDATE crossfade.runs SET checkpoint = ?, checkpoint_since = clock_timestamp(),"
                    + " checkpoint_every_millis = ? WHERE run = ?",
                newest,
                every.toMillis(),
                attempt.run()));
  }

  private static void set(Connection c, long run, String column, String value) throws SQLException {
    String sql = "UPDATE crossfade.runs SET " + Sql.quote(column) + " = ? WHERE run = ?";
    if (Sql.update(c, sql, value, run) == 0) {
      throw new StoreException("there is no run " + run);
    }
  }
}
