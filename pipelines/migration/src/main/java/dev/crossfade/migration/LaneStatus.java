package dev.crossfade.migration;

import java.util.List;
import java.util.Optional;

/**
 * Where one lane of a flow stands.
 *
 * @param lane the lane
 * @param rows its rows, without tombstones
 * @param windows the windows that have such a row
 * @param closedWindows the windows it has closed, with or without rows
 * @param deadLetters records it could not process
 * @param lateRecords records that came after their window had closed
 * @param lastRun its latest run; empty if the store knows of none
 * @param unfinished earlier runs that have not ended, such as a stream beside which a restatement
 *     ran
 */
public record LaneStatus(
    String lane,
    long rows,
    long windows,
    long closedWindows,
    long deadLetters,
    long lateRecords,
    Optional<RunStatus> lastRun,
    List<RunStatus> unfinished) {}
