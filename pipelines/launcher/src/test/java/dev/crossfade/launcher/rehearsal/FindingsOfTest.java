package dev.crossfade.launcher.rehearsal;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.crossfade.launcher.lanes.FlowCatalog;
import dev.crossfade.launcher.lanes.LaneTables;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.RunSummary;
import dev.crossfade.launcher.lanes.Stores;
import dev.crossfade.launcher.report.FlowReport;
import dev.crossfade.launcher.report.WindowCell;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.launcher.testing.OpenPostgres;
import dev.crossfade.launcher.testing.OpenSandbox;
import dev.crossfade.migration.Comparison;
import dev.crossfade.migration.Reconcile;
import dev.crossfade.migration.Store;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindingsOfTest {
  private static final Path FLOW = Path.of("src/test/resources/flows/takings.yaml");

  @TempDir private Path scratch;

  /** Of three hours, the second one is in the batch lane alone; of the fourth nobody can judge. */
  @Test
  void anHourThatALaneLostHasItsCell() throws Exception {
    try (OpenPostgres postgres = OpenPostgres.in(scratch)) {
      PlannedFlow flow =
          PlannedFlow.of(
              Settings.load(
                  FLOW, List.of("legacy.table=reporting.takings"), postgres.environment()),
              FlowCatalog.load());
      try (Store store = Stores.open(flow.settings())) {
        store.prepare(flow.plan().table());
      }
      for (int hour : new int[] {1, 2, 3}) {
        plant(postgres, "batch", 1, hour);
      }
      for (int hour : new int[] {1, 3, 4}) {
        plant(postgres, "stream", 2, hour);
      }
      OpenSandbox.execute(postgres.connection(), "CREATE SCHEMA reporting");
      OpenSandbox.execute(
          postgres.connection(), "CREATE TABLE reporting.takings AS TABLE crossfade.takings");
      enter(postgres, "batch", 1, true);
      enter(postgres, "stream", 2, false);
      Comparison comparison =
          Reconcile.in(Stores.database(flow.settings()))
              .readingEveryRow()
              .compare(LaneTables.of(flow, "batch"), LaneTables.of(flow, "stream"));

      FlowReport report =
          FindingsOf.of(
              flow,
              List.of(outcome("legacy"), outcome("batch"), outcome("stream")),
              Map.of("batch-stream", comparison),
              Instant.now());

      assertThat(report.differs(), is(true));
      assertThat(report.cells().size(), is(4));
      assertThat(
          report.cells().stream().map(WindowCell::differing).toList(), is(List.of(0L, 1L, 0L, 0L)));
      assertThat(
          report.cells().stream().map(WindowCell::closedInAllLanes).toList(),
          is(List.of(true, true, true, false)));
      assertThat(report.lanes().get(1).closedWindows(), is(3L));
    }
  }

  private static LaneOutcome outcome(String lane) {
    return new LaneOutcome(
        lane, "FlinkRunner", new RunSummary.Counts(1, 0, 0, 0, 0, 0), "digest", Duration.ZERO);
  }

  private static void plant(OpenPostgres postgres, String lane, int run, int hour)
      throws SQLException {
    String window = "'2001-03-05T0%d:00:00Z', '2001-03-05T0%d:00:00Z'".formatted(hour, hour + 1);
    OpenSandbox.execute(
        postgres.connection(),
        "INSERT INTO crossfade.takings (lane, shop, window_start, window_end, folded, duplicates,"
            + " tombstone, run) VALUES ('%s', 'north', %s, 1, 0, false, %d)"
                .formatted(lane, window, run));
    OpenSandbox.execute(
        postgres.connection(),
        "INSERT INTO crossfade.closed_windows (flow, lane, window_start, window_end, run)"
            + " VALUES ('takings', '%s', %s, %d)".formatted(lane, window, run));
  }

  private static void enter(OpenPostgres postgres, String lane, int run, boolean staged)
      throws SQLException {
    OpenSandbox.execute(
        postgres.connection(),
        "INSERT INTO crossfade.runs (run, flow, lane, runner, staged, ended_at, outcome,"
            + " put_in_place_at) OVERRIDING SYSTEM VALUE VALUES (%d, 'takings', '%s', 'flink', %s,"
                .formatted(run, lane, staged)
            + " now(), 'SUCCEEDED', "
            + (staged ? "now())" : "NULL)"));
  }
}
