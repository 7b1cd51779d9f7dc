package dev.crossfade.io.kafka;

import java.util.Collections;
import java.util.NavigableMap;

/** Forgets. */
enum NoIdleAdvances implements IdleAdvances {
  INSTANCE;

  @Override
  public NavigableMap<Long, Long> recorded(String source) {
    return Collections.emptyNavigableMap();
  }

  @Override
  public void record(String source, long atPosition, long watermark) {
    // Nobody asks for it.
  }
}
