package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.results.ByteBuilder;
import java.io.DataInput;
import java.io.IOException;

/** Writes counts of a source. */
public final class OriginCountsCoder extends DataCoder<OriginCounts> {
  private static final long serialVersionUID = 1L;

  @Override
  void write(OriginCounts counts, ByteBuilder out) {
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
