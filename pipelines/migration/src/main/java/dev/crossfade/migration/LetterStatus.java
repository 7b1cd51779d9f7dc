package dev.crossfade.migration;

/** What was done about a dead letter. */
public enum LetterStatus {
  /** Nothing yet. */
  OPEN,
  /** A later run could process it. */
  REPLAYED,
  /** Somebody has decided that it is not needed. */
  DISCARDED
}
