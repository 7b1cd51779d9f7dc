package dev.crossfade.migration;

/**
 * What a lane holds that a later run would replace.
 *
 * @param rows its rows, without tombstones
 * @param windows the windows that they are in
 */
public record HeldRows(long rows, long windows) {}
