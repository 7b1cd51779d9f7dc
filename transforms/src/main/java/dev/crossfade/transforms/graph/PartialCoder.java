package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.aggregation.Partial;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Writes partial results. */
final class PartialCoder extends DataCoder<Partial> {
  private static final long serialVersionUID = 1L;

  @Override
  void write(Partial partial, DataOutput out) throws IOException {
    partial.write(out);
  }

  @Override
  Partial read(DataInput in) throws IOException {
    return Partial.read(in);
  }
}
