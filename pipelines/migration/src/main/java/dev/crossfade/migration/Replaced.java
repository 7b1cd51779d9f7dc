package dev.crossfade.migration;

/**
 * What changed when a run's rows were put in place.
 *
 * @param removed rows that were taken out of the lane, tombstones among them
 * @param rows rows that came in their place, tombstones among them
 * @param windows windows that the run has closed
 * @param replayed dead letters that the run could process
 * @param restated late records that the run has among its events
 */
public record Replaced(long removed, long rows, long windows, long replayed, long restated) {
  /** Nothing. */
  public static final Replaced NOTHING = new Replaced(0, 0, 0, 0, 0);
}
