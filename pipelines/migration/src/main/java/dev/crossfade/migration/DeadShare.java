package dev.crossfade.migration;

/**
 * How many of a run's records are dead letters.
 *
 * @param records the records that it has read so far
 * @param dead those that it could not process
 */
public record DeadShare(long records, long dead) {}
