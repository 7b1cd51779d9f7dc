package dev.crossfade.migration;

import java.util.OptionalLong;

/**
 * What a source system says there is to read: the broker of a topic, a count of a file's lines, a
 * count of a table's rows. The graph that reads it has no say in this.
 *
 * @param source the source's name, as origins have it
 * @param identity what tells the source from another one of its name: a topic's id, a file's
 *     checksum
 * @param first its first position; 0 if the source has none
 * @param end the position after its last one; empty if it goes on
 * @param counted whether the source has no positions, as the rows of a table have none. Then it is
 *     judged by count, and {@code end} is how many records it has
 */
public record InputRange(
    String source, String identity, long first, OptionalLong end, boolean counted) {
  /** Refuses a range that ends before it begins, and a count that is none. */
  public InputRange {
    if (end.isPresent() && end.getAsLong() < first) {
      throw new IllegalArgumentException(
          "source '" + source + "' ends at " + end.getAsLong() + ", before its first " + first);
    }
    if (counted && (first != 0 || end.isEmpty())) {
      throw new IllegalArgumentException(
          "source '" + source + "' has no positions, and only a count from 0 on");
    }
  }

  /** A range of positions. */
  public InputRange(String source, String identity, long first, OptionalLong end) {
    this(source, identity, first, end, false);
  }

  /** So many records, which have no positions. */
  public static InputRange ofCount(String source, String identity, long records) {
    return new InputRange(source, identity, 0, OptionalLong.of(records), true);
  }
}
