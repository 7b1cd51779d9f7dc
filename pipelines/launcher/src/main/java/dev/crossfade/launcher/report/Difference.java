package dev.crossfade.launcher.report;

import dev.crossfade.transforms.results.EventWindow;

/**
 * One place where two lanes differ.
 *
 * @param key the key of the row
 * @param window the window it belongs to
 * @param column the column that differs; null if one lane has no such row
 * @param leftLane one lane
 * @param leftValue what it has, as text; null if it has no such row
 * @param rightLane the other lane
 * @param rightValue what that one has, as text; null if it has no such row
 */
public record Difference(
    String key,
    EventWindow window,
    String column,
    String leftLane,
    String leftValue,
    String rightLane,
    String rightValue) {}
