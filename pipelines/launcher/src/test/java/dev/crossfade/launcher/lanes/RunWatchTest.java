package dev.crossfade.launcher.lanes;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.runners.ResumableJob;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.launcher.testing.OpenPostgres;
import dev.crossfade.launcher.testing.OpenSandbox;
import dev.crossfade.migration.CheckpointStatus;
import dev.crossfade.migration.LaneBusyException;
import dev.crossfade.migration.RunAttempt;
import dev.crossfade.migration.RunGoneException;
import dev.crossfade.migration.RunLease;
import dev.crossfade.migration.RunRequest;
import dev.crossfade.migration.RunStatus;
import dev.crossfade.migration.StopKind;
import dev.crossfade.migration.Store;
import dev.crossfade.transforms.results.EventWindow;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is seen of a stream from beside it, while it runs. */
class RunWatchTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Path SETTINGS = Path.of("src/test/resources/flows/takings.yaml");

  @TempDir private static Path directory;
  private static OpenPostgres postgres;
  private static PlannedFlow flow;

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger stops = new AtomicInteger();
  private final AtomicInteger cancels = new AtomicInteger();
  private volatile Optional<String> wrongInput = Optional.empty();
  private volatile Optional<String> disk = Optional.empty();
  private Store store;

  @BeforeAll
  static void openPostgres() throws Exception {
    postgres = OpenPostgres.in(directory);
    flow =
        PlannedFlow.of(
            Settings.load(SETTINGS, List.of("maxDeadRatio=0.1"), postgres.environment()),
            new FlowCatalog(List.of(new TakingsFlow())));
  }

  @AfterAll
  static void closePostgres() throws Exception {
    postgres.close();
  }

  @BeforeEach
  void openStore() {
    store = Stores.open(flow.settings());
    store.prepare(flow.plan().table());
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void judgesWindowsThatCloseWhileTheStreamRuns() throws Exception {
    RunAttempt attempt;
    try (RunLease lease = begin();
        RunWatch watch = watch(lease)) {
      attempt = lease.runAttempt();
      close(lease.run(), 9, 119);
      close(lease.run(), 10, 120);

      watch.start();

      await().atMost(PATIENCE).until(() -> !told.isEmpty());
    }
    assertThat(
        told,
        contains(
            "quality: passed 6, violated 1, inconclusive 1\n  "
                + hour(10)
                + ": net + tax = total: 1 of 1 rows whose parts add up to something else"));
    assertThat(store.quality("takings", "stream", Optional.empty()), hasSize(8));
    assertThat(
        QualityCheckpoint.of(flow, Lane.STREAM).ofNewWindows(store, attempt),
        is(RunQuality.of(List.of())));
  }

  @Test
  void aStreamThatFailsWholesaleEndsAsFailedAndSaysWhy() throws Exception {
    try (RunLease lease = begin();
        RunWatch watch = watch(lease)) {
      execute(
          "INSERT INTO crossfade.origin_ledger (flow, lane, run, source, decoded, outside,"
              + " undecodable, without_content, next_position) VALUES ('takings', 'stream', "
              + lease.run()
              + ", 'takings[0]', 800, 0, 200, 0, 1000)");
      execute(
          "INSERT INTO crossfade.dead_letter_runs (flow, lane, run, origin) SELECT 'takings',"
              + " 'stream', "
              + lease.run()
              + ", 'takings[0]:' || n FROM generate_series(1, 200) n");

      watch.start();

      await().atMost(PATIENCE).until(() -> stops.get() > 0);
      RunWatch.Outcome outcome = watch.outcome(null);
      assertThat(outcome.how(), is("FAILED"));
      assertThat(
          outcome.wrong().orElseThrow(), startsWith("200 of 1,000 records are dead letters"));
    }
    assertThat(stops.get(), is(1));
  }

  @Test
  void aStreamThatAnotherProcessHasTakenOverIsCancelledAndChangesNothingOfTheOther()
      throws Exception {
    RunLease lease = begin();
    try (RunWatch watch = watch(lease)) {
      cutOff(lease);
      try (RunLease other = begin()) {
        watch.start();

        await().atMost(PATIENCE).until(() -> cancels.get() > 0);
        assertThat(
            told,
            contains(
                allOf(
                    startsWith(
                        "the stream is cancelled: run " + lease.run() + " was entered as LOST"),
                    containsString("lane 'stream' is computed by run " + other.run() + " now"))));
        RunEnding ending = new RunEnding(flow.settings(), lease.runAttempt());
        assertThrows(RunGoneException.class, ending::close);
        assertThat(store.storedRun(other.run()).orElseThrow().endedAt(), is(Optional.empty()));
      }
    }
    assertThat(stops.get(), is(0));
  }

  /** Nobody else has taken it: it is taken again, and the stream goes on. */
  @Test
  void aStreamWhoseConnectionWasCutGoesOn() throws Exception {
    try (RunLease lease = begin();
        RunWatch watch = watch(lease)) {
      cutOff(lease);

      watch.start();

      await().atMost(PATIENCE).until(lease::isHeld);
      assertThrows(LaneBusyException.class, this::begin);
    }
    assertThat(told, is(empty()));
    assertThat(cancels.get(), is(0));
  }

  @Test
  void aStreamWhoseInputIsGoneIsCancelledAndSaysWhy() throws Exception {
    VerbException cancelled = new VerbException(ExitCode.FAILED, "ended as CANCELLED");
    try (RunLease lease = begin();
        RunWatch watch = watch(lease)) {
      assertThat(watch.reasonOr(cancelled), is(cancelled));
      wrongInput = Optional.of("the topic was deleted");

      watch.start();

      await().atMost(PATIENCE).until(() -> cancels.get() > 0);
      assertThat(watch.reasonOr(cancelled).getMessage(), is("the topic was deleted"));
    }
    assertThat(told, contains("the stream is cancelled: the topic was deleted"));
    assertThat(cancels.get(), is(1));
  }

  @Test
  void aStreamThatCannotWriteItsSavepointGoesOnAndSaysWhy() throws Exception {
    disk = Optional.of("no space left");
    try (RunLease lease = begin();
        RunWatch watch = watch(lease)) {
      long run = store.requestStop("takings", "stream", StopKind.SAVEPOINT);

      watch.start();

      await().atMost(PATIENCE).until(() -> store.stopTrouble(run).isPresent());
      assertThat(store.stopTrouble(run).orElseThrow(), containsString("no space left"));
      assertThat(watch.outcome(null).how(), is("SUCCEEDED"));
      assertThat(store.storedRun(run).orElseThrow().savepoint(), is(Optional.empty()));
    }
    assertThat(stops.get(), is(1));
    assertThat(
        told,
        contains(
            "stopping the stream at a savepoint",
            "the stream: it cannot be stopped now, goes on, and is tried again: no space left"));
  }

  @Test
  void theNewestCheckpointStandsInTheStatus() throws Exception {
    try (RunLease lease = begin();
        RunWatch watch = watch(lease)) {
      watch.start();

      await().atMost(PATIENCE).until(() -> checkpoint().newest().isPresent());
      assertThat(checkpoint().newest(), is(Optional.of("checkpoint")));
      assertThat(checkpoint().every(), is(Duration.ofSeconds(10)));
      assertThat(checkpoint().isMissed(), is(false));
      execute(
          "UPDATE crossfade.runs SET checkpoint_since = clock_timestamp() - interval '31 s'"
              + " WHERE run = "
              + lease.run());
      assertThat(checkpoint().isMissed(), is(true));
      store.endRun(lease.runAttempt(), "STOPPED", null);
      assertThat(run().checkpoint(), is(Optional.empty()));
    }
  }

  private RunStatus run() {
    return store.laneStatus(flow.plan().table()).get(0).lastRun().orElseThrow();
  }

  private CheckpointStatus checkpoint() {
    return run()
        .checkpoint()
        .orElse(new CheckpointStatus(Optional.empty(), Duration.ZERO, Duration.ZERO));
  }

  /** Has the server end the session that holds the run. */
  private static void cutOff(RunLease lease) throws SQLException {
    OpenSandbox.number(
        postgres.environment(),
        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_locks WHERE locktype = 'advisory'"
            + " AND objsubid = 1 AND objid::bigint = "
            + lease.run());
  }

  private RunLease begin() {
    return store.begin(RunRequest.stream("takings", "stream", "FlinkRunner"));
  }

  private RunWatch watch(RunLease lease) {
    return new RunWatch(flow, Lane.STREAM, lease, new CountingJob(), () -> wrongInput, told::add);
  }

  /** Writes what a stream writes of an hour that it closes. */
  private static void close(long run, int hour, int total) throws Exception {
    String window = "'" + hour(hour).start() + "', '" + hour(hour).end() + "'";
    execute(
        "INSERT INTO crossfade.takings (lane, shop, window_start, window_end, city, net, tax, total,"
            + " folded, duplicates, tombstone, run) VALUES ('stream', 'north', "
            + window
            + ", 'Bonn', 100, 19, "
            + total
            + ", 1, 0, false, "
            + run
            + ")");
    execute(
        "INSERT INTO crossfade.window_ledger (flow, lane, run, window_start, window_end, decoded,"
            + " filtered) VALUES ('takings', 'stream', "
            + run
            + ", "
            + window
            + ", 1, 0)");
    execute(
        "INSERT INTO crossfade.closed_windows (flow, lane, window_start, window_end, run)"
            + " VALUES ('takings', 'stream', "
            + window
            + ", "
            + run
            + ")");
  }

  private static EventWindow hour(int hour) {
    Instant start = Instant.parse("2001-03-05T00:00:00Z").plus(Duration.ofHours(hour));
    return new EventWindow(start, start.plus(Duration.ofHours(1)));
  }

  private static void execute(String sql) throws SQLException {
    OpenSandbox.execute(postgres.connection(), sql);
  }

  /** A job that can be stopped, and counts how often it is. */
  private final class CountingJob implements ResumableJob {
    @Override
    public String stop(boolean drain) throws IOException {
      stops.incrementAndGet();
      if (disk.isPresent()) {
        throw new IOException(disk.get());
      }
      return "savepoint";
    }

    @Override
    public Duration checkpointInterval() {
      return Duration.ofSeconds(10);
    }

    @Override
    public Optional<String> newestCheckpoint() {
      return Optional.of("checkpoint");
    }

    @Override
    public void requireWritable() {}

    @Override
    public void cancel() {
      cancels.incrementAndGet();
    }

    @Override
    public void close() {}
  }
}
