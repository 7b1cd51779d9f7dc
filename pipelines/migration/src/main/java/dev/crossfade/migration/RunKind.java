package dev.crossfade.migration;

/** What a run is for. */
public enum RunKind {
  /** Computes a lane, or a span of it. */
  RUN,
  /** Computes windows again that the lane has closed; what it gives is no evidence for a move. */
  RESTATEMENT
}
