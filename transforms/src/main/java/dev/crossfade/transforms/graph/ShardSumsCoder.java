package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.aggregation.Partial;
import dev.crossfade.transforms.results.ByteBuilder;
import dev.crossfade.transforms.results.TypedRow;
import java.io.DataInput;
import java.io.IOException;

/** Writes the partial results of a shard. */
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
    out.writeInt(sums.size());
    for (int i = 0; i < sums.size(); i++) {
      keys.write(sums.key(i), out);
      partials.write(sums.partial(i), out);
    }
  }

  @Override
  ShardSums read(DataInput in) throws IOException {
    TypedRow[] rows = new TypedRow[in.readInt()];
    Partial[] sums = new Partial[rows.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = keys.read(in);
      sums[i] = partials.read(in);
    }
    return ShardSums.ofOrdered(rows, sums);
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
    return "ShardSumsCoder(" + keys + ", " + partials + ")";
  }
}
