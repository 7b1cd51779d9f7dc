package dev.crossfade.launcher.report;

import java.time.Instant;
import java.util.Map;

/**
 * One window of a flow, as the lanes have it.
 *
 * @param start the first instant in the window
 * @param end the first instant after it
 * @param rows how many results the window has
 * @param rowsByLane how many each lane has
 * @param differing how many rows differ between two lanes
 * @param closedInAllLanes whether every lane has closed the window; only then does it prove
 *     anything
 * @param closedAt when, by the clock on the wall, the stream lane closed it; null if it did not
 */
public record WindowCell(
    Instant start,
    Instant end,
    long rows,
    Map<String, Long> rowsByLane,
    long differing,
    boolean closedInAllLanes,
    Instant closedAt) {
  /** Copies the map. */
  public WindowCell {
    rowsByLane = Ordered.copy(rowsByLane);
  }
}
