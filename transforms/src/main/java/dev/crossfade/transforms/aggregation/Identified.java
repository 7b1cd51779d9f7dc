package dev.crossfade.transforms.aggregation;

import dev.crossfade.transforms.results.Conflict;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.Comparator;

/**
 * One event by its id, with what it adds to the result, so that it can be taken back if another one
 * turns out to be the one that counts.
 *
 * @param id the id as text
 * @param version the greater one counts
 * @param contentHigh the upper 64 bits of the digest of what the event says
 * @param contentLow the lower 64 bits
 * @param sums the event alone, folded
 */
record Identified(String id, long version, long contentHigh, long contentLow, Partial sums)
    implements Serializable {
  /** By id; of one id, the event that counts comes first. */
  static final Comparator<Identified> ORDER =
      Comparator.comparing(Identified::id)
          .thenComparing(Comparator.comparingLong(Identified::version).reversed())
          .thenComparing((a, b) -> Long.compareUnsigned(b.contentHigh, a.contentHigh))
          .thenComparing((a, b) -> Long.compareUnsigned(b.contentLow, a.contentLow));

  boolean sharesContentWith(Identified other) {
    return contentHigh == other.contentHigh && contentLow == other.contentLow;
  }

  /** It does not count. */
  Conflict toConflict() {
    return new Conflict(id, contentHigh, contentLow);
  }

  void write(DataOutput out) throws IOException {
    out.writeUTF(id);
    out.writeLong(version);
    out.writeLong(contentHigh);
    out.writeLong(contentLow);
    sums.write(out);
  }

  static Identified read(DataInput in) throws IOException {
    return new Identified(
        in.readUTF(), in.readLong(), in.readLong(), in.readLong(), Partial.read(in));
  }
}
