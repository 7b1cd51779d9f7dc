package dev.crossfade.transforms.results;

import java.io.Serializable;
import java.util.Comparator;
import java.util.HexFormat;

/**
 * An event that does not count, since another one of the same id and other content does.
 *
 * @param id the id as text
 * @param contentHigh the upper 64 bits of the digest of what the event says
 * @param contentLow the lower 64 bits
 */
public record Conflict(String id, long contentHigh, long contentLow)
    implements Serializable, Comparable<Conflict> {
  private static final Comparator<Conflict> ORDER =
      Comparator.comparing(Conflict::id)
          .thenComparing((a, b) -> Long.compareUnsigned(a.contentHigh, b.contentHigh))
          .thenComparing((a, b) -> Long.compareUnsigned(a.contentLow, b.contentLow));

  /** The digest of what the event says, in hexadecimal: the same in every lane. */
  public String content() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(contentHigh) + hex.toHexDigits(contentLow);
  }

  @Override
  public int compareTo(Conflict other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "Conflict{" + id + ", " + content() + "}";
  }
}
