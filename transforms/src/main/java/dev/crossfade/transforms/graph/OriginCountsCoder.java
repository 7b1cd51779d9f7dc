package dev.crossfade.transforms.graph;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Writes counts of a source. */
public final class OriginCountsCoder extends DataCoder<OriginCounts> {
  private static final long serialVersionUID = 1L;

  @Override
  void write(OriginCounts counts, DataOutput out) throws IOException {
    out.writeLong(counts.decoded());
    out.writeLong(counts.outside());
    out.writeLong(counts.undecodable());
    out.writeLong(counts.withoutContent());
    out.writeLong(counts.nextPosition());
  }

  @Override
  OriginCounts read(DataInput in) throws IOException {
    return new OriginCounts(
        in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
  }
}
