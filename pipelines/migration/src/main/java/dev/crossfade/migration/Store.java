package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * The schema {@code crossfade} of a PostgreSQL database: one results table per flow, and beside it
 * the runs, the closed windows, the ledgers, the dead letters and the late records of every lane.
 *
 * <p>Every method is one transaction and leaves nothing half done. A store may be shared by
 * threads, which then take turns; it opens its connection again if the server closed it in between,
 * as it may over the days of a run. Whatever goes wrong comes as a {@link StoreException}.
 */
public final class Store implements AutoCloseable {
  private final Session session;

  private Store(Session session) {
    this.session = session;
  }

  /**
   * Connects to a database. Nothing is created before {@link #prepare}.
   *
   * @throws StoreException if the database cannot be entered
   */
  public static Store open(Database database) {
    return new Store(Session.open(database));
  }

  /** Connects to a database that a URL, a user and a password name. */
  public static Store open(String url, String user, String password) {
    return open(Database.at(url, user, password));
  }

  /**
   * Creates what a flow's runs need and what is not there yet. Any number of callers may do so at
   * once. If all is there, it takes no more than the right to read. A results table of an older
   * Crossfade gets what it lacks and keeps its rows.
   *
   * @throws StoreException if a table of the flow's name is there and has another shape; the
   *     message names every deviation. Such a table is left as it is.
   */
  public void prepare(ResultTable table) {
    new Schema(session).prepare(table);
  }

  // Runs

  /**
   * Enters a run of a lane, and holds it. Runs that were at work on the same event time and have
   * died are entered as {@code LOST}, and what they have kept aside is removed; if one was put in
   * place before it died, it has {@code SUCCEEDED}. A restatement may begin beside a run that
   * writes the lane itself, and no other two may work on the same event time.
   *
   * <p>A staged run changes nothing in the lane before {@link #putInPlace}. One that writes the
   * lane itself opens what the lane has closed: until it has closed a window again, the window may
   * hold rows of an earlier run.
   *
   * <p>Whatever the runs before it still write after this is refused (see {@link RunAttempt}).
   *
   * @throws LaneBusyException if another run is at work, or if the process of the newest one is
   *     there, though the run was entered as ended
   */
  public RunLease begin(RunRequest request) {
    return new Runs(session).begin(request);
  }

  /**
   * Goes on with a lane's newest run, if it writes the lane itself and has ended neither as {@code
   * SUCCEEDED} nor as {@code DRAINED}: it keeps its number, which is a part of its results'
   * version, and has one attempt more. What the lane has closed stays closed. A request to stop is
   * over.
   *
   * @throws NoRunException if there is no such run
   * @throws LaneBusyException if it is at work
   */
  public RunLease resume(String flow, String lane) {
    return new Runs(session).resume(flow, lane);
  }

  /**
   * Records how a run ended.
   *
   * @param outcome one word for how, see {@link StoredRun}
   * @param countsJson what it counted, as JSON, or null
   * @throws RunGoneException if it is not the attempt's to end: it has ended before, or was started
   *     again
   */
  public void endRun(RunAttempt attempt, String outcome, String countsJson) {
    new Runs(session).end(attempt, outcome, countsJson);
  }

  /** A lane's newest run that is no restatement; empty if there is none. */
  public Optional<StoredRun> storedRun(String flow, String lane) {
    return new Runs(session).stored(flow, lane);
  }

  /** What is known of a run; empty if there is none of that number. */
  public Optional<StoredRun> storedRun(long run) {
    return new Runs(session).stored(run);
  }

  /**
   * Records the directory in which the checkpoints of a run are kept.
   *
   * @throws RunGoneException if the run is not the attempt's any more
   */
  public void recordRestoreFrom(RunAttempt attempt, String directory) {
    new Runs(session).record(attempt, "restore_from", directory);
  }

  /**
   * Records how often a stream keeps a checkpoint, and that this attempt has kept none yet.
   *
   * @throws RunGoneException if the run is not the attempt's any more
   */
  public void recordCheckpointInterval(RunAttempt attempt, Duration every) {
    new Runs(session).checkpoint(attempt, null, every);
  }

  /**
   * Records the newest checkpoint of a stream, which is complete since now.
   *
   * @throws RunGoneException if the run is not the attempt's any more
   */
  public void recordCheckpoint(RunAttempt attempt, String newest, Duration every) {
    new Runs(session).checkpoint(attempt, newest, every);
  }

  /**
   * Records why a stream that was told to stop has not.
   *
   * @throws RunGoneException if the run is not the attempt's any more
   */
  public void recordStopTrouble(RunAttempt attempt, String why) {
    new Runs(session).record(attempt, "stop_trouble", why);
  }

  /** Why a stream that was told to stop has not; empty if it is not known to have failed to. */
  public Optional<String> stopTrouble(long run) {
    return session.transaction(
        "asking why run " + run + " goes on",
        c ->
            Sql.list(
                    c,
                    row -> Optional.ofNullable(row.getString(1)),
                    "SELECT stop_trouble FROM crossfade.runs WHERE run = ?",
                    run)
                .stream()
                .findFirst()
                .flatMap(why -> why));
  }

  /**
   * Records where the savepoint is that a run was stopped with.
   *
   * @throws RunGoneException if the run is not the attempt's any more
   */
  public void recordSavepoint(RunAttempt attempt, String path) {
    new Runs(session).record(attempt, "savepoint", path);
  }

  /**
   * Records that a run has gone on from its savepoint, and that a later checkpoint is the newest.
   *
   * @throws RunGoneException if the run is not the attempt's any more
   */
  public void forgetSavepoint(RunAttempt attempt) {
    new Runs(session).record(attempt, "savepoint", null);
  }

  /**
   * Records that a run goes on with another logic, which its state fits.
   *
   * @throws RunGoneException if the run is not the attempt's any more
   */
  public void recordLogic(RunAttempt attempt, String fingerprint) {
    new Runs(session).record(attempt, "logic_fingerprint", fingerprint);
  }

  /**
   * Tells the run that writes a lane itself to stop; it finds out by {@link #stopRequested}. The
   * last one who asks decides how.
   *
   * @return the run
   * @throws NoRunException if none is at work
   */
  public long requestStop(String flow, String lane, StopKind how) {
    return new Runs(session).requestStop(flow, lane, how);
  }

  /** How a run is to stop; empty if it is not, or if there is no such run. */
  public Optional<StopKind> stopRequested(long run) {
    return storedRun(run).flatMap(StoredRun::stopRequested);
  }

  // What there was to read, and where it went

  /**
   * Records what the keepers of a run's sources have; again replaces what was said of a source.
   *
   * @throws RunGoneException if the run is not the attempt's any more
   */
  public void recordInputs(String flow, String lane, RunAttempt attempt, List<InputRange> inputs) {
    new Inputs(session).record(flow, lane, attempt, inputs);
  }

  /** What the keepers of a run's sources have, by the source's name. */
  public List<InputRange> inputs(String flow, String lane, long run) {
    return new Inputs(session).of(flow, lane, run);
  }

  /**
   * Where every record of a lane went; all from one snapshot, and nothing is changed.
   *
   * @param within the windows to look at, and the runs whose version of them stands; empty for all
   */
  public LedgerReport ledger(ResultTable table, String lane, Optional<EventWindow> within) {
    return session.snapshot(
        "reading the ledger of lane '" + lane + "'", c -> Ledger.read(c, table, lane, within));
  }

  /**
   * Judges closed windows by rules, and keeps what was found. Again replaces it.
   *
   * @param attempt the run that judges, which need not be the one that has closed the windows
   * @param within the windows to judge; empty for all
   * @return what was found, by window and rule
   * @throws RunGoneException if the run is not the attempt's any more
   * @throws IllegalArgumentException if a rule is about a column that the results do not have
   */
  public List<QualityFinding> judgeQuality(
      ResultTable table,
      String lane,
      RunAttempt attempt,
      Collection<? extends QualityRule> rules,
      Optional<EventWindow> within) {
    return new Quality(session).judge(table, lane, attempt, rules, within);
  }

  /** The closed windows of which, in the version that stands, some rule has found nothing yet. */
  public NavigableSet<EventWindow> unjudged(
      String flow, String lane, Collection<? extends QualityRule> rules) {
    return new Quality(session).unjudged(flow, lane, rules);
  }

  /** What was found in closed windows, in the version that stands, by window and rule. */
  public List<QualityFinding> quality(String flow, String lane, Optional<EventWindow> within) {
    return new Quality(session).stored(flow, lane, within);
  }

  // Dead letters

  /** How many of a run's records are dead letters so far. */
  public DeadShare deadShare(String flow, String lane, long run) {
    return new Letters(session).share(flow, lane, run);
  }

  /** The dead letters of a lane that a filter lets pass, by origin. */
  public List<StoredLetter> letters(String flow, String lane, LetterFilter filter) {
    return new Letters(session).list(flow, lane, filter);
  }

  /** The dead letters of all lanes that a filter lets pass, by lane and origin. */
  public List<StoredLetter> letters(String flow, LetterFilter filter) {
    return new Letters(session).list(flow, filter);
  }

  /**
   * Records that open dead letters are not needed. They stay dead in the ledger, and a later run
   * that sees them again does not open them.
   *
   * @param reason why
   * @return how many there were
   * @throws IllegalArgumentException if there is no reason
   */
  public int discard(String flow, String lane, LetterFilter filter, String reason) {
    return new Letters(session).discard(flow, lane, filter, reason);
  }

  // Lanes

  /**
   * Puts what a run has kept aside in the place of what the lane held, all at once: whoever reads
   * the lane finds the version before or this one. A row that the run has not is gone, and every
   * window is closed by this run. Late records of these windows are marked as restated, and dead
   * letters that the run did not see again as replayed; of a run over all of the lane, those of
   * earlier runs are removed with all else that they left. Again changes nothing.
   *
   * <p>The windows of a stream's lane must be ones that it has closed, or that can hold nothing but
   * late records: what it reads of them later would be in no version.
   *
   * @param scope the windows that the run has computed; empty for all, and then the lane has closed
   *     what the run's request says that its input covers, or what lies between its windows
   * @param resolvedOrigins dead letters beside those of the windows that the run could process
   * @throws RunGoneException if the run was entered as ended before; the lane is as it was
   */
  public Replaced putInPlace(
      ResultTable table,
      String lane,
      RunAttempt attempt,
      Optional<? extends Collection<EventWindow>> scope,
      Collection<String> resolvedOrigins) {
    return session.writeAs(
        attempt,
        "putting run " + attempt.run() + " in place",
        c -> PutInPlace.in(c, table, lane, attempt.run(), scope, resolvedOrigins));
  }

  /**
   * What windows were computed of by the runs whose versions stand, late records among it, and what
   * of that is not among some inputs any more. Windows that were computed from sources of which
   * none is among these are not judged before they are computed; see {@link #lossesOfRun}.
   *
   * @param inputs what the keepers of a topic's partitions have now
   * @return what is missing, by window and source
   */
  public List<WindowLoss> lossesOf(
      ResultTable table,
      String lane,
      Collection<EventWindow> windows,
      Collection<InputRange> inputs) {
    return session.snapshot(
        "looking for what windows of lane '" + lane + "' were computed of",
        c -> Losses.of(c, table, lane, windows, inputs));
  }

  /**
   * The windows of a run, kept aside yet, that have fewer events than what stands was computed of:
   * by source where the sources are the same ones, and else by the sums, less repetitions. Events
   * that have become undecodable are not missing.
   *
   * @param inputs what the run has read
   * @return what is missing, by window and source
   */
  public List<WindowLoss> lossesOfRun(
      ResultTable table,
      String lane,
      long run,
      Collection<EventWindow> windows,
      Collection<InputRange> inputs) {
    return session.snapshot(
        "looking for what run " + run + " has lost",
        c -> Losses.ofRun(c, table, lane, run, windows, inputs));
  }

  /**
   * Records what a run has lost, and why that was accepted.
   *
   * @throws RunGoneException if the run is not the attempt's any more
   */
  public void recordAcceptedLoss(RunAttempt attempt, String what) {
    new Runs(session).record(attempt, "accepted_loss", what);
  }

  /**
   * What a run would replace in its lane.
   *
   * @param scope the windows that the run computes; empty for all
   */
  public HeldRows heldRows(
      ResultTable table, String lane, long run, Optional<? extends Collection<EventWindow>> scope) {
    return session.transaction(
        "counting the rows of lane '" + lane + "'",
        c -> PutInPlace.held(c, table, lane, run, scope));
  }

  /** Takes everything that a lane of a flow has written out of the store, but for its runs. */
  public Removed clearLane(ResultTable table, String lane) {
    return session.transaction(
        "clearing lane '" + lane + "'", c -> LaneChanges.remove(c, table, lane, Long.MAX_VALUE));
  }

  /**
   * Takes what the runs of a lane before a run have written out of the store.
   *
   * @throws RunGoneException if the run is not the attempt's any more
   */
  public Removed removeOlderRuns(ResultTable table, String lane, RunAttempt attempt) {
    return session.writeAs(
        attempt,
        "removing runs of lane '" + lane + "' before run " + attempt.run(),
        c -> LaneChanges.remove(c, table, lane, attempt.run()));
  }

  /** The windows whose closing a lane has recorded, in order: those it has something in. */
  public NavigableSet<EventWindow> closedWindows(String flow, String lane) {
    return new Lanes(session).closedWindows(flow, lane);
  }

  /**
   * Those of some windows that a lane has not closed. It has closed every window within its span of
   * event time, rows or no rows: also one that nothing was ever recorded of.
   */
  public List<EventWindow> notClosed(String flow, String lane, Collection<EventWindow> windows) {
    return new Lanes(session).notClosed(flow, lane, windows);
  }

  /** The windows whose closing a lane has recorded, in order, and when. */
  public NavigableMap<EventWindow, Instant> closings(String flow, String lane) {
    return new Lanes(session).closings(flow, lane);
  }

  /** The first rows of a lane in a window, by key: each as its columns' values by name. */
  public List<Map<String, String>> rows(LaneTable lane, EventWindow window, int most) {
    return new Lanes(session).rows(lane, window, most);
  }

  /** Where each lane of a flow stands, by the lane's name; all from one snapshot. */
  public List<LaneStatus> laneStatus(ResultTable table) {
    return new Lanes(session).status(table);
  }

  /** The digest of all that a lane holds, whether its windows are closed or not. */
  public LaneDigest digest(LaneTable lane) {
    return new Lanes(session).digest(lane);
  }

  @Override
  public void close() {
    session.close();
  }
}
