package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.aggregation.Partial;
import dev.crossfade.transforms.results.ByteBuilder;
import java.io.DataInput;
import java.io.IOException;

/** Writes partial results of one aggregation. */
final class PartialCoder extends DataCoder<Partial> {
  private static final long serialVersionUID = 1L;

  private final String layout;

  /**
   * A coder.
   *
   * @param layout what {@link dev.crossfade.transforms.aggregation.Aggregation#layout} says: the
   *     bytes of another layout could be read, and would mean something else
   */
  PartialCoder(String layout) {
    this.layout = layout;
  }

  @Override
  void write(Partial partial, ByteBuilder out) {
    partial.write(out);
  }

  @Override
  Partial read(DataInput in) throws IOException {
    return Partial.read(in);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PartialCoder coder && layout.equals(coder.layout);
  }

  @Override
  public int hashCode() {
    return layout.hashCode();
  }

  @Override
  public String toString() {
    return "PartialCoder{" + layout + "}";
  }
}
