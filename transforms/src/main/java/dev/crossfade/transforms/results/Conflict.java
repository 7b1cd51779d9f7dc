package dev.crossfade.transforms.results;

import java.io.DataInput;
import java.io.IOException;
import java.io.Serializable;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

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

  /** Writes conflicts so that {@link #readAll} gives equal ones. */
  public static void writeAll(List<Conflict> conflicts, ByteBuilder out) {
    out.writeInt(conflicts.size());
    for (Conflict conflict : conflicts) {
      out.writeText(conflict.id());
      out.writeLong(conflict.contentHigh());
      out.writeLong(conflict.contentLow());
    }
  }

  /** Reads what {@link #writeAll} wrote. */
  public static List<Conflict> readAll(DataInput in) throws IOException {
    Conflict[] conflicts = new Conflict[in.readInt()];
    for (int i = 0; i < conflicts.length; i++) {
      conflicts[i] = new Conflict(ByteBuilder.readText(in), in.readLong(), in.readLong());
    }
    return List.of(conflicts);
  }
}
