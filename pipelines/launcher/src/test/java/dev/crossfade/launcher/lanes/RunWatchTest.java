package dev.crossfade.launcher.lanes;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.crossfade.launcher.runners.ResumableJob;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.launcher.testing.OpenPostgres;
import dev.crossfade.launcher.testing.OpenSandbox;
import dev.crossfade.migration.QualityFinding;
import dev.crossfade.migration.RunLease;
import dev.crossfade.migration.RunRequest;
import dev.crossfade.migration.Store;
import dev.crossfade.transforms.results.EventWindow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is seen of a stream from beside it, while it runs. */
class RunWatchTest {
  private static final Path SETTINGS = Path.of("src/test/resources/flows/takings.yaml");

  @Test
  void judgesWindowsThatCloseWhileTheStreamRuns(@TempDir Path directory) throws Exception {
    try (OpenPostgres postgres = OpenPostgres.in(directory)) {
      PlannedFlow flow =
          PlannedFlow.of(
              Settings.load(SETTINGS, List.of(), postgres.environment()),
              new FlowCatalog(List.of(new TakingsFlow())));
      List<String> told = new CopyOnWriteArrayList<>();
      try (Store store = Stores.open(flow.settings())) {
        store.prepare(flow.plan().table());
        try (RunLease lease = store.begin(RunRequest.stream("takings", "stream", "FlinkRunner"));
            RunWatch watch = new RunWatch(flow, Lane.STREAM, lease, new EndlessJob(), told::add)) {
          close(postgres, lease.run(), 9, 119);
          close(postgres, lease.run(), 10, 120);

          watch.start();

          await().atMost(Duration.ofMinutes(1)).until(() -> !told.isEmpty());
        }
        assertThat(
            told,
            contains(
                "quality: passed 6, violated 1, inconclusive 1\n  "
                    + hour(10)
                    + ": net + tax = total: 1 of 1 rows whose parts add up to something else"));
        List<QualityFinding> kept = store.quality("takings", "stream", Optional.empty());
        assertThat(kept, hasSize(8));
        assertThat(
            QualityCheckpoint.of(flow, Lane.STREAM).ofNewWindows(store),
            is(RunQuality.of(List.of())));
      }
    }
  }

  /** Writes what a stream writes of an hour that it closes. */
  private static void close(OpenPostgres postgres, long run, int hour, int total) throws Exception {
    String window = "'" + hour(hour).start() + "', '" + hour(hour).end() + "'";
    OpenSandbox.execute(
        postgres.connection(),
        "INSERT INTO crossfade.takings (lane, shop, window_start, window_end, city, net, tax, total,"
            + " folded, duplicates, tombstone, run) VALUES ('stream', 'north', "
            + window
            + ", 'Bonn', 100, 19, "
            + total
            + ", 1, 0, false, "
            + run
            + ")");
    OpenSandbox.execute(
        postgres.connection(),
        "INSERT INTO crossfade.window_ledger (flow, lane, run, window_start, window_end, decoded,"
            + " filtered) VALUES ('takings', 'stream', "
            + run
            + ", "
            + window
            + ", 1, 0)");
    OpenSandbox.execute(
        postgres.connection(),
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

  /** A job that nobody stops. */
  private static final class EndlessJob implements ResumableJob {
    @Override
    public String stop(boolean drain) {
      throw new IllegalStateException("nobody has asked to stop");
    }

    @Override
    public void close() {}
  }
}
