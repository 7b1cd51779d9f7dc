package dev.crossfade.launcher.lanes;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import dev.crossfade.launcher.runners.ResumableJob;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.launcher.testing.OpenPostgres;
import dev.crossfade.migration.RunLease;
import dev.crossfade.migration.RunRequest;
import dev.crossfade.migration.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of checkpoints as time goes by. */
class CheckpointWatchTest {
  private static final Path SETTINGS = Path.of("src/test/resources/flows/takings.yaml");

  @TempDir private Path directory;

  private final List<String> told = new ArrayList<>();
  private final Job job = new Job();
  private long now;

  @Test
  void missedCheckpointsAreToldWithTheReasonAndSoIsTheNextOne() throws Exception {
    try (OpenPostgres postgres = OpenPostgres.in(directory)) {
      PlannedFlow flow =
          PlannedFlow.of(
              Settings.load(SETTINGS, List.of(), postgres.environment()),
              new FlowCatalog(List.of(new TakingsFlow())));
      try (Store store = Stores.open(flow.settings())) {
        store.prepare(flow.plan().table());
        try (RunLease lease = store.begin(RunRequest.stream("takings", "stream", "FlinkRunner"))) {
          CheckpointWatch watch =
              new CheckpointWatch(job, lease.runAttempt(), told::add, () -> now);
          String run = "run " + lease.run();
          String missed =
              "WARNING: "
                  + run
                  + " has kept no checkpoint for %s, and one should come every 20 s: ";

          watch.look(store);
          lookAfter(59, watch, store);
          assertThat(told, is(empty()));
          lookAfter(2, watch, store);
          assertThat(
              told(),
              contains(
                  missed.formatted("61 s")
                      + "their directory can be written; a store or a topic that does not answer"
                      + " holds them up, and the runner's log may say more. Cut off now, it would go"
                      + " on from the state that it began with and read what came since once more"));
          lookAfter(50, watch, store);
          assertThat("not again at once", told(), is(empty()));

          job.newest = Optional.of("chk-1");
          lookAfter(1, watch, store);
          assertThat(told(), contains(run + " keeps checkpoints again, after 112 s"));
          lookAfter(20, watch, store);
          job.newest = Optional.of("chk-2");
          lookAfter(20, watch, store);
          lookAfter(20, watch, store);
          assertThat(told(), contains(run + " is running; newest checkpoint 20 s ago"));

          job.full = true;
          lookAfter(41, watch, store);
          assertThat(
              told(),
              contains(
                  missed.formatted("61 s")
                      + "No space left on device. Cut off now, it would go on from chk-2 and read what"
                      + " came since once more"));
          lookAfter(60, watch, store);
          assertThat(told().size(), is(1));
        }
      }
    }
  }

  private void lookAfter(int seconds, CheckpointWatch watch, Store store) {
    now += Duration.ofSeconds(seconds).toNanos();
    watch.look(store);
  }

  private List<String> told() {
    List<String> all = List.copyOf(told);
    told.clear();
    return all;
  }

  private static final class Job implements ResumableJob {
    private Optional<String> newest = Optional.empty();
    private boolean full;

    @Override
    public String stop(boolean drain) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Duration checkpointInterval() {
      return Duration.ofSeconds(20);
    }

    @Override
    public Optional<String> newestCheckpoint() {
      return newest;
    }

    @Override
    public void requireWritable() throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void cancel() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
