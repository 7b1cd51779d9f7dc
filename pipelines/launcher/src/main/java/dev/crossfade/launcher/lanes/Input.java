package dev.crossfade.launcher.lanes;

/** What a run reads. */
public enum Input {
  /** The bounded source of the settings. */
  BATCH,
  /** The topic of the settings, from its beginning on and without an end. */
  STREAM,
  /** What the topic of the settings holds when the run begins, and no more. */
  RETAINED
}
