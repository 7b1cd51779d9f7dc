package dev.crossfade.transforms.graph;

import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/**
 * The counters of a run, for people who watch it. A bundle that is tried again counts again, so
 * nothing is decided by them.
 */
public final class FlowCounters {
  /** The namespace of all counters. */
  public static final String NAMESPACE = "crossfade";

  /** Records read, of any kind. */
  public static final String READ = "read";

  /** Records that became dead letters. */
  public static final String DEAD_LETTERED = "deadLettered";

  /** Records that came after their window had closed. */
  public static final String LATE = "late";

  /** Panes shown before the watermark passed the window's end. */
  public static final String EARLY_PANES = "earlyPanes";

  /** Panes shown when the watermark passed the window's end. */
  public static final String ON_TIME_PANES = "onTimePanes";

  /** Panes shown after that. */
  public static final String LATE_PANES = "latePanes";

  private FlowCounters() {}

  static Counter of(String name) {
    return Metrics.counter(NAMESPACE, name);
  }
}
