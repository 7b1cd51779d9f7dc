package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.results.ByteBuilder;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StructuredCoder;

/**
 * A coder of a value as a sequence of primitives. The bytes are those that {@link DataOutput}
 * specifies; equal values give equal bytes.
 */
abstract class DataCoder<T> extends StructuredCoder<T> {
  private static final long serialVersionUID = 1L;

  private static final int INITIAL_BYTES = 256;

  abstract void write(T value, DataOutput out) throws IOException;

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
  public final boolean consistentWithEquals() {
    return true;
  }

  static void writeBytes(byte[] bytes, DataOutput out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static byte[] readBytes(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  static void writeText(String text, DataOutput out) throws IOException {
    writeBytes(text.getBytes(StandardCharsets.UTF_8), out);
  }

  static String readText(DataInput in) throws IOException {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }

  static void writeInstant(Instant instant, DataOutput out) throws IOException {
    out.writeLong(instant.getEpochSecond());
    out.writeInt(instant.getNano());
  }

  static Instant readInstant(DataInput in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }
}
