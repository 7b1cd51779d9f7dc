package dev.crossfade.transforms.graph;

import java.io.Serializable;

/**
 * Where in a source the events of a window are. Spans of parts of a source add up to that of the
 * whole, in any order.
 *
 * @param first the position of the first of them
 * @param last the position of the last of them
 * @param events how many there are; between them may be events of other windows
 */
public record SourceSpan(long first, long last, long events) implements Serializable {
  /** That of both parts. */
  public SourceSpan plus(SourceSpan other) {
    return new SourceSpan(
        Math.min(first, other.first), Math.max(last, other.last), events + other.events);
  }
}
