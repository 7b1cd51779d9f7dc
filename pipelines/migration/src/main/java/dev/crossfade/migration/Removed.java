package dev.crossfade.migration;

/**
 * How much was taken out of a lane.
 *
 * @param rows rows of the results table, tombstones among them
 * @param closings windows that had been recorded as closed
 * @param deadLetters dead letters
 * @param lateRecords late records
 */
public record Removed(long rows, long closings, long deadLetters, long lateRecords) {}
