package dev.crossfade.migration;

/** How a stream is to stop. */
public enum StopKind {
  /** With its state kept, so that it can be resumed; windows that are open stay open. */
  SAVEPOINT,
  /** With all that was read computed to its end; windows that are cut off are not closed. */
  DRAIN
}
