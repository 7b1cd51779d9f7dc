package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.results.TypedRow;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much each result held when it was last shown, by window and key. No pane tells that a window
 * is over if nothing came into it since the one before; so a window is forgotten once it has had no
 * pane while others had many, and what is remembered does not grow with the stream. What is
 * forgotten is shown once more, and no harm is done.
 */
final class Shown {
  private final int mostKeys;
  private final long mostPanes;
  private final Map<Long, OfWindow> byLastPane = new LinkedHashMap<>(16, 0.75f, true);
  private long panes;
  private int keys;

  /**
   * Nothing yet.
   *
   * @param mostKeys how many keys, of all windows, are remembered
   * @param mostPanes for how many panes of other windows a window is
   */
  Shown(int mostKeys, long mostPanes) {
    this.mostKeys = mostKeys;
    this.mostPanes = mostPanes;
  }

  /** How much each key of a window held, as the one to whom a pane is given may change it. */
  Map<TypedRow, Long> beforePane(long windowStart) {
    OfWindow window = byLastPane.computeIfAbsent(windowStart, start -> new OfWindow());
    window.lastPane = ++panes;
    return window.absorbed;
  }

  /** Forgets what there is too much of, after the pane of a window was taken note of. */
  void afterPane(long windowStart) {
    count(byLastPane.get(windowStart));
    Iterator<OfWindow> eldest = byLastPane.values().iterator();
    while (eldest.hasNext()) {
      OfWindow window = eldest.next();
      if (keys <= mostKeys && panes - window.lastPane <= mostPanes) {
        return;
      }
      keys -= window.absorbed.size();
      eldest.remove();
    }
  }

  /** How many keys, of all windows, are remembered. */
  int size() {
    return keys;
  }

  private void count(OfWindow window) {
    keys += window.absorbed.size() - window.counted;
    window.counted = window.absorbed.size();
  }

  private static final class OfWindow {
    private final Map<TypedRow, Long> absorbed = new HashMap<>();
    private int counted;
    private long lastPane;
  }
}
