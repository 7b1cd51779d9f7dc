package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.results.ByteBuilder;
import java.io.DataInput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Writes counts of a window. */
public final class WindowCountsCoder extends DataCoder<WindowCounts> {
  private static final long serialVersionUID = 1L;

  @Override
  void write(WindowCounts counts, ByteBuilder out) {
    out.writeLong(counts.decoded());
    out.writeLong(counts.filtered());
    out.writeLong(counts.sources().size());
    // In order, so that equal counts are equal bytes.
    new TreeMap<>(counts.sources())
        .forEach(
            (source, span) -> {
              out.writeText(source);
              out.writeLong(span.first());
              out.writeLong(span.last());
              out.writeLong(span.events());
            });
  }

  @Override
  WindowCounts read(DataInput in) throws IOException {
    long decoded = in.readLong();
    long filtered = in.readLong();
    Map<String, SourceSpan> sources = new HashMap<>();
    for (long left = in.readLong(); left > 0; left--) {
      sources.put(
          ByteBuilder.readText(in), new SourceSpan(in.readLong(), in.readLong(), in.readLong()));
    }
    return new WindowCounts(decoded, filtered, sources);
  }
}
