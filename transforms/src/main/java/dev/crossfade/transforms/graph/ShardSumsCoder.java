package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.aggregation.Partial;
import dev.crossfade.transforms.results.ByteBuilder;
import dev.crossfade.transforms.results.TypedRow;
import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes the partial results of a shard, part by part. Reading leaves them in bytes until somebody
 * looks at them.
 */
final class ShardSumsCoder extends DataCoder<ShardSums> {
  private static final long serialVersionUID = 1L;

  private final RowCoder keys;
  private final PartialCoder partials;

  ShardSumsCoder(RowCoder keys, PartialCoder partials) {
    this.keys = keys;
    this.partials = partials;
  }

  @Override
  void write(ShardSums sums, ByteBuilder out) {
    out.writeInt(sums.parts().length);
    for (ShardSums.Part part : sums.parts()) {
      if (part instanceof ShardSums.Closed closed) {
        out.writeBytes(closed.bytes());
      } else {
        int at = out.beginBytes();
        write(part.sums(), out);
        out.endBytes(at);
      }
    }
  }

  private void write(KeySums sums, ByteBuilder out) {
    out.writeInt(sums.size());
    for (int i = 0; i < sums.size(); i++) {
      keys.write(sums.key(i), out);
      partials.write(sums.partial(i), out);
    }
  }

  @Override
  ShardSums read(DataInput in) throws IOException {
    ShardSums.Part[] parts = new ShardSums.Part[in.readInt()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new ShardSums.Closed(ByteBuilder.readBytes(in), this);
    }
    return ShardSums.ofParts(parts);
  }

  /** The sums that a part's bytes are. */
  KeySums open(byte[] bytes) {
    try {
      DataInput in = new DataInputStream(new ByteArrayInputStream(bytes));
      TypedRow[] rows = new TypedRow[in.readInt()];
      Partial[] sums = new Partial[rows.length];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = keys.read(in);
        sums[i] = partials.read(in);
      }
      return KeySums.ofOrdered(rows, sums);
    } catch (IOException e) {
      // They are in memory: what is wrong with them is that they are not what was written.
      throw new UncheckedIOException("partial results of a shard cannot be read", e);
    }
  }

  /** The same sums in other parts are other bytes. */
  @Override
  public boolean consistentWithEquals() {
    return false;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ShardSumsCoder coder
        && keys.equals(coder.keys)
        && partials.equals(coder.partials);
  }

  @Override
  public int hashCode() {
    return keys.hashCode() + 31 * partials.hashCode();
  }

  @Override
  public String toString() {
    return "ShardSumsCoder(in parts, " + keys + ", " + partials + ")";
  }
}
