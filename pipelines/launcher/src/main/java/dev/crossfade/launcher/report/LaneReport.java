package dev.crossfade.launcher.report;

import java.time.Duration;

/**
 * What one lane made of a flow's records.
 *
 * @param lane the lane's name: {@code legacy}, {@code batch} or {@code stream}
 * @param runner what ran it
 * @param read how many records it read
 * @param rows how many results it wrote
 * @param windows how many windows the results belong to
 * @param closedWindows how many of these windows are closed
 * @param deadLettered how many records became dead letters
 * @param late how many late records there were
 * @param digest the digest over all rows; equal digests mean equal rows
 * @param took how long the lane ran
 */
public record LaneReport(
    String lane,
    String runner,
    long read,
    long rows,
    long windows,
    long closedWindows,
    long deadLettered,
    long late,
    String digest,
    Duration took) {}
