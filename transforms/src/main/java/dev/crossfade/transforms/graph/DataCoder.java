package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.records.Origin;
import dev.crossfade.transforms.results.ByteBuilder;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StructuredCoder;

/**
 * A coder of a value as a sequence of primitives. The bytes are those of {@link ByteBuilder}; equal
 * values give equal bytes.
 */
abstract class DataCoder<T> extends StructuredCoder<T> {
  private static final long serialVersionUID = 1L;

  private static final int INITIAL_BYTES = 256;

  abstract void write(T value, ByteBuilder out);

  abstract T read(DataInput in) throws IOException;

  @Override
  public final void encode(T value, OutputStream stream) throws IOException {
    // At once: the streams of runners are slow for single bytes.
    ByteBuilder bytes = new ByteBuilder(INITIAL_BYTES);
    write(value, bytes);
    bytes.writeTo(stream);
  }

  @Override
  public final T decode(InputStream stream) throws IOException {
    return read(new DataInputStream(stream));
  }

  @Override
  public final List<? extends Coder<?>> getCoderArguments() {
    return List.of();
  }

  @Override
  public final void verifyDeterministic() {
    // Equal values give equal bytes.
  }

  @Override
  public boolean consistentWithEquals() {
    return true;
  }

  static void writeOrigin(Origin origin, ByteBuilder out) {
    out.writeText(origin.source());
    out.writeLong(origin.position());
    out.writeBoolean(origin.key() != null);
    if (origin.key() != null) {
      out.writeText(origin.key());
    }
  }

  static Origin readOrigin(DataInput in) throws IOException {
    String source = ByteBuilder.readText(in);
    long position = in.readLong();
    return new Origin(source, position, in.readBoolean() ? ByteBuilder.readText(in) : null);
  }

  static void writeInstant(Instant instant, ByteBuilder out) {
    out.writeLong(instant.getEpochSecond());
    out.writeInt(instant.getNano());
  }

  static Instant readInstant(DataInput in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }
}
