package dev.crossfade.transforms.graph;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Writes counts of a window. */
public final class WindowCountsCoder extends DataCoder<WindowCounts> {
  private static final long serialVersionUID = 1L;

  @Override
  void write(WindowCounts counts, DataOutput out) throws IOException {
    out.writeLong(counts.decoded());
    out.writeLong(counts.filtered());
  }

  @Override
  WindowCounts read(DataInput in) throws IOException {
    return new WindowCounts(in.readLong(), in.readLong());
  }
}
