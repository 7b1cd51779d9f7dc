package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.results.ByteBuilder;
import java.io.DataInput;
import java.io.IOException;

/** Writes counts of a window. */
public final class WindowCountsCoder extends DataCoder<WindowCounts> {
  private static final long serialVersionUID = 1L;

  @Override
  void write(WindowCounts counts, ByteBuilder out) {
    out.writeLong(counts.decoded());
    out.writeLong(counts.filtered());
  }

  @Override
  WindowCounts read(DataInput in) throws IOException {
    return new WindowCounts(in.readLong(), in.readLong());
  }
}
