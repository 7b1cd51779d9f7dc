package dev.crossfade.launcher.report;

import java.time.Duration;
import java.util.List;

/**
 * How far out of order the records came: for each, how far its event time was behind the newest one
 * that its partition had seen by then. A watermark delay above all of it would make no record late.
 *
 * @param histogram how many records were how far behind
 * @param median half of the records were at most this far behind
 * @param p99 99 of 100 records were at most this far behind
 * @param max the record that was farthest behind
 * @param scatter some of the records, each at its arrival; at most {@value #MAX_POINTS}
 */
public record Disorder(
    List<Bucket> histogram, Duration median, Duration p99, Duration max, List<Point> scatter) {
  /** How many points the scatter may hold: more make the file heavy and the picture no clearer. */
  public static final int MAX_POINTS = 3_000;

  /** Copies the lists and refuses too many points. */
  public Disorder {
    histogram = List.copyOf(histogram);
    scatter = List.copyOf(scatter);
    if (scatter.size() > MAX_POINTS) {
      throw new IllegalArgumentException(
          scatter.size() + " points in the scatter; at most " + MAX_POINTS + " are allowed");
    }
  }

  /**
   * A class of the histogram.
   *
   * @param from the least distance that belongs to it
   * @param to the first distance that does not
   * @param count how many records were that far behind
   */
  public record Bucket(Duration from, Duration to, long count) {}

  /**
   * One record.
   *
   * @param arrivalOffsetHours when it arrived, in hours after the first record
   * @param behindHours how far behind it was, in hours
   */
  public record Point(double arrivalOffsetHours, double behindHours) {}
}
