package dev.crossfade.runners.flink.crash;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small form of the crash campaign: one kill of each kind, and one pause. */
class SmallCrashIT {
  private static final long SEED = 20261125;

  @TempDir private static Path scratch;

  @Test
  void aKillOfEachKindChangesNothing() throws Exception {
    try (CrashCampaign campaign =
        new CrashCampaign(
            scratch, new OrderStream(SEED, 30_000), Kill.plan(SEED, 1, 1, 0, 1, 1, 800))) {
      campaign.run();
      campaign.tally().require(6, 4, 1, 1, 1, 1);
    }
  }
}
