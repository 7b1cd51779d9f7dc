package dev.crossfade.transforms.results;

import java.io.Serializable;

/**
 * One output row of a flow, addressed by its key and window. A later version replaces an earlier
 * one, so a result may be written any number of times.
 *
 * @param key the values of the key columns, none of them null
 * @param window the window
 * @param values the values of the value columns
 * @param folded the events folded into the result so far: the sum of |weight|
 * @param tombstone whether the events folded cancel out, so that there is no row; it is kept so
 *     that an older version that comes late does not bring the row back
 */
public record Result(
    TypedRow key, EventWindow window, TypedRow values, long folded, boolean tombstone)
    implements Serializable {}
