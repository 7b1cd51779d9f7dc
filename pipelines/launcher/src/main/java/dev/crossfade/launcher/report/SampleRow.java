package dev.crossfade.launcher.report;

import dev.crossfade.transforms.results.EventWindow;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One row, as each lane has it.
 *
 * @param key the row's key
 * @param window the window it belongs to
 * @param valuesByLane for each lane its values as text, by column; a null value is a null in the
 *     table, and a lane that is not named has no such row
 */
public record SampleRow(
    String key, EventWindow window, Map<String, Map<String, String>> valuesByLane) {
  /** Copies the maps. */
  public SampleRow {
    Map<String, Map<String, String>> copy = new LinkedHashMap<>();
    valuesByLane.forEach((lane, values) -> copy.put(lane, Ordered.copy(values)));
    valuesByLane = Ordered.copy(copy);
  }
}
