package dev.crossfade.launcher.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Immutable maps that keep the order in which they were filled. */
final class Ordered {
  private Ordered() {}

  /**
   * A copy of a map. {@link Map#copyOf} would not do: its order changes from one start of Java to
   * the next, and the same report has to give the same bytes; it refuses null values as well, which
   * stand for "no value" in a row.
   */
  static <K, V> Map<K, V> copy(Map<K, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
