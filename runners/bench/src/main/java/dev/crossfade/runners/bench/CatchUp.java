package dev.crossfade.runners.bench;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How fast a stream without an end gets through a backlog whose partitions are anything but even,
 * and that it takes nothing for late because one partition is read long before another.
 */
final class CatchUp {
  private static final int USUAL = 3_000_000;
  private static final int SHOPS = 1_000;
  private static final int ROUNDS = 2;
  private static final long LOOK_MILLIS = 100;
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final List<String> SETTINGS = List.of("window.earlyFiring=1s");

  private CatchUp() {}

  /** Shops up to these have 0.5 %, 9.5 %, 30 % and 60 % of the orders, in a partition each. */
  private static int partitionOf(String shop) {
    int number = Integer.parseInt(shop.substring(shop.length() - 4));
    return number < SHOPS / 200 ? 3 : number < SHOPS / 10 ? 2 : number < SHOPS * 4 / 10 ? 1 : 0;
  }

  static Findings measure(Arena arena, double scale) throws Exception {
    int events = (int) Math.round(USUAL * scale);
    arena.load(new Workload(events, SHOPS, false), CatchUp::partitionOf);
    List<Measured> opponent = new ArrayList<>();
    List<Measured> own = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      opponent.add(arena.run(Contestant.NATIVE_STREAM));
      own.add(drain(arena, rates));
    }
    Collections.sort(rates);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("events", events);
    figures.put("completeAfterSeconds", median(own));
    figures.put("nativeFlinkCompleteAfterSeconds", median(opponent));
    figures.put("drainedRecordsPerSecond", Math.round(Ratio.median(rates)));
    figures.put("lateRecords", 0);
    Ratio ratio =
        Ratio.of(own, opponent)
            .orElseThrow(
                () -> new IllegalStateException("native Flink came to its table in no round"));
    return new Findings(Map.of("catch_up_vs_native_flink", ratio), figures);
  }

  /**
   * Runs the stream until its table is complete; the rate is that between its first counts and its
   * last.
   */
  private static Measured drain(Arena arena, List<Double> rates) throws Exception {
    long records = arena.records();
    long started = System.nanoTime();
    long firstRead = 0;
    long firstAt = 0;
    try (EndlessStream stream = new EndlessStream(arena, "catch-up", arena.topic(), SETTINGS);
        Connection connection = arena.connect()) {
      boolean isRead = false;
      while (!isRead || !arena.isCrossfadeComplete()) {
        stream.requireAlive();
        if (System.nanoTime() - started > LONGEST_NANOS) {
          throw new TimeoutException("the backlog is not drained");
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        long read = isRead ? records : EndlessStream.recordsRead(connection);
        if (read > 0 && firstRead == 0) {
          firstRead = read;
          firstAt = System.nanoTime();
        }
        if (!isRead && read == records) {
          isRead = true;
          rates.add((read - firstRead) * 1e9 / (System.nanoTime() - firstAt));
        }
      }
      double wall = (System.nanoTime() - started) / 1e9;
      EndlessStream.requireNothingLateOrDead(connection);
      return stream.measured(wall);
    }
  }

  private static double median(List<Measured> runs) {
    return Ratio.rounded(Ratio.median(runs.stream().map(Measured::wallSeconds).sorted().toList()));
  }
}
