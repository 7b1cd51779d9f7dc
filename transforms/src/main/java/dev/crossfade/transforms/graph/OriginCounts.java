package dev.crossfade.transforms.graph;

import java.io.Serializable;

/**
 * What became of the records of one source: a partition, a file or a table. Counts of parts of a
 * source add up to those of the whole, in any order.
 *
 * @param decoded records that are events, whatever becomes of those
 * @param outside those of the events that belong to a window which the run does not compute
 * @param undecodable records that are none, or whose event time cannot be read or is not believed
 * @param withoutContent positions that hold no record
 * @param nextPosition the position after the last one that was read; 0 if the source has none
 */
public record OriginCounts(
    long decoded, long outside, long undecodable, long withoutContent, long nextPosition)
    implements Serializable {
  /** Of no position. */
  public static final OriginCounts NOTHING = new OriginCounts(0, 0, 0, 0, 0);

  /** How many positions were read; it only grows while a source is read. */
  public long positions() {
    return decoded + undecodable + withoutContent;
  }

  /** Those of both parts. */
  public OriginCounts plus(OriginCounts other) {
    return new OriginCounts(
        decoded + other.decoded,
        outside + other.outside,
        undecodable + other.undecodable,
        withoutContent + other.withoutContent,
        Math.max(nextPosition, other.nextPosition));
  }
}
