package dev.crossfade.transforms.results;

import java.io.Serializable;
import java.util.List;

/**
 * One output row of a flow, addressed by its key and window. A later version replaces an earlier
 * one, so a result may be written any number of times.
 *
 * @param key the values of the key columns, none of them null
 * @param window the window
 * @param values the values of the value columns
 * @param folded the events folded into the result so far: the sum of |weight|
 * @param duplicates the events that do not count, since another one of their id does
 * @param conflicts those of them that differ from the one that counts
 * @param tombstone whether the events folded cancel out, so that there is no row; it is kept so
 *     that an older version that comes late does not bring the row back
 */
public record Result(
    TypedRow key,
    EventWindow window,
    TypedRow values,
    long folded,
    long duplicates,
    List<Conflict> conflicts,
    boolean tombstone)
    implements Serializable {
  /** All events that came to the address so far; it only grows, and so it tells which is newer. */
  public long absorbed() {
    return folded + duplicates;
  }
}
