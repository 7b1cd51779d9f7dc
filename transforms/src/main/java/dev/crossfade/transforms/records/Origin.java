package dev.crossfade.transforms.records;

import java.io.Serializable;
import java.util.Objects;

/**
 * Where a record was first seen; no two records of an input share one.
 *
 * @param source a file's path, a table's name, or a topic with its partition as {@code flights[2]}
 * @param position the line from 1, or the offset; 0 where a key stands in its place
 * @param key what addresses the record in a source that has no positions, such as the primary key
 *     of a row; it holds no colon. Null in a source that has positions
 */
public record Origin(String source, long position, String key) implements Serializable {
  /** Refuses a key that could not be told from the source before it. */
  public Origin {
    if (key != null && key.indexOf(':') >= 0) {
      throw new IllegalArgumentException("the key '" + key + "' of an origin holds a colon");
    }
  }

  /** A record at a position of its source. */
  public Origin(String source, long position) {
    this(source, position, null);
  }

  /** A record of a source that has no positions. */
  public static Origin ofKey(String source, String key) {
    return new Origin(source, 0, Objects.requireNonNull(key, "key"));
  }

  /** As it stands in messages and tables: {@code flights[2]:1842}. */
  @Override
  public String toString() {
    return source + ":" + (key == null ? position : key);
  }
}
