package dev.crossfade.launcher.rehearsal;

import dev.crossfade.launcher.report.Disorder;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Measures how far each report comes behind the newest departure in its partition. */
final class DisorderOf {
  private static final double SECONDS_PER_HOUR = 3600;

  /**
   * Upper bounds of the histogram's classes, in minutes; the last class has none but the greatest.
   */
  private static final int[] CLASSES = {1, 5, 15, 30, 60, 120, 180, 360, 720, 1440};

  private DisorderOf() {}

  static Disorder reports(FlightReports reports, List<Integer> partitions) {
    List<FlightReports.Report> all = reports.reports();
    Map<Integer, LocalDateTime> newest = new HashMap<>();
    long[] behind = new long[all.size()];
    LocalDateTime first = all.get(0).arrival();
    List<Disorder.Point> scatter = new ArrayList<>();
    int every = 1 + all.size() / (Disorder.MAX_POINTS / 2);
    for (int i = 0; i < behind.length; i++) {
      FlightReports.Report report = all.get(i);
      LocalDateTime departure = report.departure();
      LocalDateTime newestThere =
          newest.merge(partitions.get(i), departure, (old, next) -> next.isAfter(old) ? next : old);
      behind[i] = Duration.between(departure, newestThere).toSeconds();
      // A sample of all, and every one that is far behind: those are what the settings are made
      // for.
      boolean far = behind[i] > Duration.ofHours(6).toSeconds();
      if ((i % every == 0 || far) && scatter.size() < Disorder.MAX_POINTS) {
        scatter.add(
            new Disorder.Point(
                Duration.between(first, report.arrival()).toSeconds() / SECONDS_PER_HOUR,
                behind[i] / SECONDS_PER_HOUR));
      }
    }
    Arrays.sort(behind);
    return new Disorder(
        histogram(behind),
        Duration.ofSeconds(behind[behind.length / 2]),
        Duration.ofSeconds(behind[(int) (behind.length * 0.99)]),
        Duration.ofSeconds(behind[behind.length - 1]),
        scatter);
  }

  private static List<Disorder.Bucket> histogram(long[] sorted) {
    List<Disorder.Bucket> buckets = new ArrayList<>();
    Duration from = Duration.ZERO;
    int counted = 0;
    for (int minutes : CLASSES) {
      Duration to = Duration.ofMinutes(minutes);
      int count = counted;
      while (count < sorted.length && sorted[count] < to.toSeconds()) {
        count++;
      }
      buckets.add(new Disorder.Bucket(from, to, count - counted));
      counted = count;
      from = to;
    }
    if (counted < sorted.length) {
      Duration greatest = Duration.ofSeconds(sorted[sorted.length - 1] + 1);
      buckets.add(new Disorder.Bucket(from, greatest, sorted.length - counted));
    }
    return buckets;
  }
}
