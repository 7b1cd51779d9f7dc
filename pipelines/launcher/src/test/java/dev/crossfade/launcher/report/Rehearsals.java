package dev.crossfade.launcher.report;

import dev.crossfade.transforms.results.EventWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Reports to render: what a rehearsal over a week of flights looks like, and ways to spoil it. */
final class Rehearsals {
  static final ZoneId ZONE = ZoneId.of("America/New_York");
  static final Instant STARTED = Instant.parse("2026-11-22T14:03:11Z");
  static final LocalDate FIRST_DAY = LocalDate.of(2001, 1, 1);
  static final List<String> LANES = List.of("legacy", "batch", "stream");
  static final String DIGEST = "16391:0f3a77c1d2e94b58a6c0135fe2887d41";

  private static final Map<String, Boolean> EQUAL =
      equal("legacy-batch", true, "batch-stream", true, "legacy-stream", true);

  private Rehearsals() {}

  /** A rehearsal in which all lanes agree. */
  static RehearsalReport agreeing() {
    return report(true, List.of(hourly(UnaryOperator.identity()), daily()));
  }

  /** A rehearsal in which the stream lane has another number in one row, under a given key. */
  static RehearsalReport differing(String key) {
    return report(false, List.of(differingFlow(key, 3), daily()));
  }

  static RehearsalReport report(boolean equal, List<FlowReport> flows) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("Java", "17.0.15 (Eclipse Adoptium)");
    environment.put("Cores", "2");
    environment.put("Beam", "2.70.0");
    environment.put("Flink", "1.19.3");
    environment.put("Kafka", "3.9.1, embedded, 4 partitions");
    environment.put("PostgreSQL", "17.5.0, embedded");
    return new RehearsalReport(
        "Rehearsal of flights and flights-daily",
        STARTED,
        "0.1.0",
        "113,493 flight reports, 2001-01-01 to 2001-01-07, America/New_York",
        equal,
        flows,
        disorder(),
        List.of(
            new Phase("start PostgreSQL and Kafka", Duration.ofMillis(6_420)),
            new Phase("legacy SQL job", Duration.ofMillis(1_870)),
            new Phase("batch lane", Duration.ofMillis(14_310)),
            new Phase("stream lane, with publication", Duration.ofMillis(61_950)),
            new Phase("compare", Duration.ofMillis(940)),
            new Phase("report", Duration.ofMillis(310))),
        environment);
  }

  /** The flow with a window for each hour; each window may be changed on its way in. */
  static FlowReport hourly(UnaryOperator<WindowCell> change) {
    Random random = new Random(1);
    List<WindowCell> cells = new ArrayList<>();
    long rows = 0;
    for (int hour = 0; hour < 164; hour++) {
      Instant start = FIRST_DAY.atStartOfDay(ZONE).toInstant().plus(Duration.ofHours(hour));
      double ofDay = Math.max(0.02, Math.sin(Math.PI * ((hour % 24) - 3) / 21.0));
      long count = 1 + Math.round(ofDay * (150 + random.nextInt(25)));
      rows += count;
      Instant closedAt = STARTED.plusMillis(31_000 + hour * 330L + random.nextInt(600));
      cells.add(
          change.apply(cell(start, start.plus(Duration.ofHours(1)), count, 0, true, closedAt)));
    }
    return flow(
        "flights", EQUAL, rows, cells, new PaneCounts(21_408, 16_213, 1_102), 151, List.of());
  }

  /** The flow with a window for each local day. */
  static FlowReport daily() {
    List<WindowCell> cells = new ArrayList<>();
    for (int day = 0; day < 7; day++) {
      cells.add(
          cell(
              FIRST_DAY.plusDays(day).atStartOfDay(ZONE).toInstant(),
              FIRST_DAY.plusDays(day + 1).atStartOfDay(ZONE).toInstant(),
              50 + day % 3,
              0,
              true,
              STARTED.plusMillis(42_000 + day * 7_300L)));
    }
    long rows = cells.stream().mapToLong(WindowCell::rows).sum();
    return flow("flights-daily", EQUAL, rows, cells, new PaneCounts(912, 352, 21), 5, List.of());
  }

  /**
   * A flow whose lanes agree wherever they were compared, of which one pair is not judged whole.
   */
  static FlowReport inconclusive(String pair, String why) {
    FlowReport of = hourly(cell -> cell);
    Map<String, Boolean> equal = new LinkedHashMap<>(of.equal());
    equal.put(pair, false);
    return new FlowReport(
        of.flow(),
        of.zone(),
        of.runnerBatch(),
        of.runnerStream(),
        of.windows(),
        of.rows(),
        equal,
        Map.of(pair, why),
        of.lanes(),
        of.panes(),
        of.closedBeforeEnd(),
        of.closedBeforeEndShare(),
        of.watermarkDelay(),
        of.allowedLateness(),
        of.cells(),
        of.sample(),
        of.differences());
  }

  /** The hourly flow with so many differences, all under one key. */
  static FlowReport differingFlow(String key, int differences) {
    List<Difference> found = new ArrayList<>();
    EventWindow window = hour(2, 17);
    for (int i = 0; i < differences; i++) {
      found.add(
          i % 3 == 2
              ? new Difference(key, window, null, "batch", "12", "stream", null)
              : new Difference(
                  key, window, "delay_minutes_sum", "legacy", "41" + i, "stream", "39" + i));
    }
    FlowReport agreeing =
        hourly(
            cell ->
                cell.start().equals(window.start())
                    ? cell(cell.start(), cell.end(), cell.rows(), 2, true, cell.closedAt())
                    : cell);
    return flow(
        agreeing.flow(),
        equal("legacy-batch", true, "batch-stream", false, "legacy-stream", false),
        agreeing.rows(),
        agreeing.cells(),
        agreeing.panes(),
        agreeing.closedBeforeEnd(),
        found);
  }

  static FlowReport flow(
      String name,
      Map<String, Boolean> equal,
      long rows,
      List<WindowCell> cells,
      PaneCounts panes,
      long closedBeforeEnd,
      List<Difference> differences) {
    boolean streamDiffers = equal.containsValue(false);
    long closed = cells.stream().filter(WindowCell::closedInAllLanes).count();
    int windows = cells.size();
    return new FlowReport(
        name,
        ZONE,
        "DirectRunner",
        "FlinkRunner",
        windows,
        rows,
        equal,
        List.of(
            new LaneReport(
                "legacy",
                "PostgreSQL",
                113_493,
                rows,
                windows,
                windows,
                0,
                0,
                DIGEST,
                Duration.ofMillis(1_870)),
            new LaneReport(
                "batch",
                "DirectRunner",
                113_493,
                rows,
                windows,
                windows,
                0,
                0,
                DIGEST,
                Duration.ofMillis(14_310)),
            new LaneReport(
                "stream",
                "FlinkRunner",
                113_493,
                rows,
                windows,
                closed,
                0,
                streamDiffers ? 4 : 0,
                streamDiffers ? "16391:77b0431ecc5a09f1e2d3aa6471fe0c92" : DIGEST,
                Duration.ofMillis(61_950))),
        panes,
        closedBeforeEnd,
        windows == 0 ? 0 : (double) closedBeforeEnd / windows,
        name.equals("flights") ? Duration.ofHours(6) : Duration.ofHours(12),
        Duration.ofHours(24),
        cells,
        samples(cells, streamDiffers),
        differences);
  }

  static WindowCell cell(
      Instant start, Instant end, long rows, long differing, boolean closed, Instant closedAt) {
    Map<String, Long> byLane = new LinkedHashMap<>();
    LANES.forEach(lane -> byLane.put(lane, rows));
    return new WindowCell(start, end, rows, byLane, differing, closed, closedAt);
  }

  static EventWindow hour(int day, int hour) {
    ZonedDateTime start = FIRST_DAY.plusDays(day).atTime(hour, 0).atZone(ZONE);
    return new EventWindow(start.toInstant(), start.plusHours(1).toInstant());
  }

  static Map<String, Boolean> equal(
      String first, boolean one, String second, boolean two, String third, boolean three) {
    Map<String, Boolean> equal = new LinkedHashMap<>();
    equal.put(first, one);
    equal.put(second, two);
    equal.put(third, three);
    return equal;
  }

  private static List<SampleRow> samples(List<WindowCell> cells, boolean streamDiffers) {
    List<SampleRow> samples = new ArrayList<>();
    for (String key : List.of("ORD", "ATL", "LAX")) {
      if (samples.size() < cells.size()) {
        WindowCell cell = cells.get(cells.size() * (samples.size() + 1) / 4);
        samples.add(
            sample(
                key,
                new EventWindow(cell.start(), cell.end()),
                streamDiffers && samples.isEmpty()));
      }
    }
    return samples;
  }

  private static SampleRow sample(String key, EventWindow window, boolean streamDiffers) {
    Map<String, Map<String, String>> byLane = new LinkedHashMap<>();
    for (String lane : LANES) {
      Map<String, String> values = new LinkedHashMap<>();
      values.put("flights", "54");
      values.put("delay_minutes_sum", streamDiffers && lane.equals("stream") ? "390" : "410");
      values.put("delay_minutes_max", "96");
      values.put("distance_miles_sum", "38122");
      values.put("diverted_to", null);
      byLane.put(lane, values);
    }
    return new SampleRow(key, window, byLane);
  }

  private static Disorder disorder() {
    long[] minutes = {0, 1, 5, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1080, 1440, 2160, 2880};
    long[] counts = {
      4_211, 3_188, 8_604, 12_377, 20_130, 29_411, 19_087, 9_302, 5_904, 1_004, 199, 52, 17, 6, 1
    };
    List<Disorder.Bucket> histogram = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      histogram.add(
          new Disorder.Bucket(
              Duration.ofMinutes(minutes[i]), Duration.ofMinutes(minutes[i + 1]), counts[i]));
    }
    Random random = new Random(2);
    List<Disorder.Point> scatter = new ArrayList<>();
    for (int i = 0; i < Disorder.MAX_POINTS; i++) {
      double behind = Math.exp(random.nextGaussian() * 0.8 + 0.25);
      scatter.add(new Disorder.Point(i * 168.0 / Disorder.MAX_POINTS, i == 1_900 ? 29.05 : behind));
    }
    return new Disorder(
        histogram,
        Duration.ofMinutes(80),
        Duration.ofMinutes(347),
        Duration.ofMinutes(1_743),
        scatter);
  }
}
