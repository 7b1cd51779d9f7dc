package dev.crossfade.runners.flink.crash;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The crash campaign: {@code mvn -B verify -Pcrash}, with {@code -Dcrash.seed=N} to repeat one. */
@Tag("crash")
class CrashCampaignIT {
  private static final int ORDERS = 500_000;

  @TempDir private static Path scratch;

  @Test
  void manyKillsChangeNothing() throws Exception {
    long seed = Long.getLong("crash.seed", System.nanoTime());
    System.out.println("crash campaign with -Dcrash.seed=" + seed);
    try (CrashCampaign campaign =
        new CrashCampaign(
            scratch, new OrderStream(seed, ORDERS), Kill.plan(seed, 14, 5, 3, 8, 8, 2_500))) {
      campaign.run();
      campaign.tally().require(58, 45, 10, 5, 7, 10);
    }
  }
}
