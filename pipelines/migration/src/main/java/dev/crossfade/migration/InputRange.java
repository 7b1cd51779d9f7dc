package dev.crossfade.migration;

import java.util.OptionalLong;

/**
 * What the keeper of a source says there is to read: the broker of a topic, a count of a file's
 * lines, a count of a table's rows. The graph that reads it has no say in this.
 *
 * @param source the source's name, as origins have it
 * @param identity what tells the source from another one of its name: a topic's id, a file's
 *     checksum
 * @param first its first position
 * @param end the position after its last one; empty if it goes on
 */
public record InputRange(String source, String identity, long first, OptionalLong end) {
  /** Refuses a range that ends before it begins. */
  public InputRange {
    if (end.isPresent() && end.getAsLong() < first) {
      throw new IllegalArgumentException(
          "source '" + source + "' ends at " + end.getAsLong() + ", before its first " + first);
    }
  }
}
