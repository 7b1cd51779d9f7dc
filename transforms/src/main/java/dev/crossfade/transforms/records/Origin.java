package dev.crossfade.transforms.records;

import java.io.Serializable;

/**
 * Where a record was first seen; no two records of an input share one.
 *
 * @param source a file's path, a table's name, or a topic with its partition as {@code flights[2]}
 * @param position the line from 1, the key, or the offset
 */
public record Origin(String source, long position) implements Serializable {
  /** As it stands in messages and tables: {@code flights[2]:1842}. */
  @Override
  public String toString() {
    return source + ":" + position;
  }
}
