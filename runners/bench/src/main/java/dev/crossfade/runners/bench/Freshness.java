package dev.crossfade.runners.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How old an order is when its row can be seen, at a steady rate with early results after a second;
 * and whether the stream's memory and its checkpoints stay as they are while it goes on.
 *
 * <p>Memory and checkpoints go up and down with the windows, so that means over whole windows are
 * compared: of the last third of the time and of the third before.
 */
final class Freshness {
  private static final String TOPIC = "bench-steady";
  private static final Duration USUAL = Duration.ofMinutes(10);
  private static final long WARM_UP_MILLIS = 30_000;
  private static final long PATIENCE_MILLIS = 120_000;
  private static final long TICK_MILLIS = 1_000;
  private static final long CHECKPOINT_MILLIS = 5_000;

  /** What of a hundred rows ninety-nine are to be younger than. */
  private static final double TARGET_SECONDS = 2.5;

  /** Above this it grows. */
  private static final double FLAT = 1.1;

  private final Arena arena;
  private final long millis;
  private final Course checkpoints = new Course();
  private final Course live = new Course();
  private final Course resident = new Course();
  private long mostBehind;

  private Freshness(Arena arena, double scale) {
    this.arena = arena;
    this.millis = Math.round(USUAL.toMillis() * scale);
  }

  static Findings measure(Arena arena, double scale) throws Exception {
    return new Freshness(arena, scale).measure();
  }

  private Findings measure() throws Exception {
    // The broker's clock, not the producer's.
    arena.createTopic(TOPIC, Map.of("message.timestamp.type", "LogAppendTime"));
    List<String> settings =
        List.of("window.earlyFiring=1s", "eventTime.notAfter=2100-01-01T00:00:00Z");
    try (EndlessStream stream = new EndlessStream(arena, "freshness", TOPIC, settings);
        Connection connection = arena.connect();
        Probes probes = new Probes(arena.connect(), EndlessStream.TABLE);
        SteadyOrders orders = new SteadyOrders(arena.client(), TOPIC, probes::appended)) {
      orders.start();
      await("the first counts", stream, () -> EndlessStream.recordsRead(connection) > 0);
      probes.start();
      await("the first probe", stream, () -> !probes.seen().isEmpty());
      TimeUnit.MILLISECONDS.sleep(WARM_UP_MILLIS);

      long from = System.currentTimeMillis();
      long sentBefore = orders.sent();
      long to = from + millis;
      observe(stream, orders, connection, from, to);
      double rate = (orders.sent() - sentBefore) * 1e3 / (System.currentTimeMillis() - from);
      orders.stop();
      long stopped = System.nanoTime();
      await(
          "the last record", stream, () -> EndlessStream.recordsRead(connection) == orders.sent());
      double caughtUpAfter = (System.nanoTime() - stopped) / 1e9;
      await("the last probe", stream, () -> probes.outstanding() == 0);

      orders.closeWindows();
      await(
          "the last window",
          stream,
          () -> EndlessStream.windowsClosed(connection) == orders.windows());
      EndlessStream.requireNothingLateOrDead(connection);
      long rows = orders.requireAllIn(connection, EndlessStream.TABLE);

      Map<String, Object> figures = new LinkedHashMap<>();
      addSeconds(
          probes.seen().stream()
              .filter(probe -> probe.appendedAt() >= from && probe.appendedAt() < to)
              .map(Probes.Seen::seconds)
              .sorted()
              .toList(),
          figures);
      figures.put("warmUpSeconds", WARM_UP_MILLIS / 1_000);
      figures.put("measuredSeconds", millis / 1_000);
      figures.put("recordsPerSecond", Math.round(rate));
      figures.put("mostRecordsBehind", mostBehind);
      figures.put("caughtUpAfterSeconds", Ratio.rounded(caughtUpAfter));
      figures.put("rowsEqual", rows);
      addGrowth("liveHeap", live, to, figures);
      addGrowth("checkpoint", checkpoints, to, figures);
      addGrowth("resident", resident, to, figures);
      return new Findings(Map.of(), figures);
    }
  }

  /** Looks at the stream every now and then. */
  private void observe(
      EndlessStream stream, SteadyOrders orders, Connection connection, long from, long to)
      throws Exception {
    for (long at = from; at < to; at += TICK_MILLIS) {
      TimeUnit.MILLISECONDS.sleep(at - System.currentTimeMillis());
      stream.requireAlive();
      orders.requireHealthy();
      long sent = orders.sent();
      mostBehind = Math.max(mostBehind, sent - EndlessStream.recordsRead(connection));
      long tick = (at - from) / TICK_MILLIS;
      long time = at;
      if (tick % (CHECKPOINT_MILLIS / TICK_MILLIS) == 0) {
        stream.checkpointMegabytes().ifPresent(size -> checkpoints.sample(time, size));
        resident.sample(time, stream.residentMegabytes());
      }
      // Once a window, since it holds the stream up; always when a window is as old as then.
      if (tick % (Target.MINUTE / TICK_MILLIS) == 30) {
        live.sample(time, stream.liveMegabytes());
      }
    }
    TimeUnit.MILLISECONDS.sleep(to - System.currentTimeMillis());
  }

  private static void addSeconds(List<Double> sorted, Map<String, Object> figures) {
    figures.put("probes", sorted.size());
    figures.put("p50Seconds", Ratio.rounded(Ratio.median(sorted)));
    figures.put("p99Seconds", Ratio.rounded(sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1)));
    figures.put("p99TargetSeconds", TARGET_SECONDS);
    figures.put("maxSeconds", Ratio.rounded(sorted.get(sorted.size() - 1)));
  }

  /**
   * The mean size at last, and whether that is more than before; too short a time tells nothing.
   */
  private void addGrowth(String name, Course course, long to, Map<String, Object> figures) {
    long third = millis / 3 / Target.MINUTE * Target.MINUTE;
    course
        .mean(third == 0 ? 0 : to - third, to)
        .ifPresent(mean -> figures.put(name + "Megabytes", Ratio.rounded(mean)));
    if (third > 0) {
      course
          .growth(to, third)
          .ifPresent(
              growth -> {
                figures.put(name + "Growth", Ratio.rounded(growth));
                figures.put(name + "IsFlat", growth < FLAT);
              });
    }
  }

  private interface Condition {
    boolean holds() throws SQLException;
  }

  private static void await(String what, EndlessStream stream, Condition condition)
      throws Exception {
    long started = System.nanoTime();
    while (!condition.holds()) {
      stream.requireAlive();
      if (System.nanoTime() - started > TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS)) {
        throw new TimeoutException(what + " does not come");
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
