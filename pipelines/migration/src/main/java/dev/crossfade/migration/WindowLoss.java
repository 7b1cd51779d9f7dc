package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;

/**
 * Events that a window was computed of, and that a run which computes it again has not got.
 *
 * @param window the window
 * @param what which source lacks which positions, or how many events
 */
public record WindowLoss(EventWindow window, String what) {
  @Override
  public String toString() {
    return window + ": " + what;
  }
}
