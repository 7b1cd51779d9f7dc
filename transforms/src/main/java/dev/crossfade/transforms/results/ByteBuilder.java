package dev.crossfade.transforms.results;

import java.io.ByteArrayOutputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Primitives as bytes, as {@link DataOutput} specifies them, into an array that grows. {@link
 * DataOutputStream} does the same and takes a lock for each of them, which is most of what it costs
 * where every event is written. Not thread-safe.
 */
public final class ByteBuilder implements DataOutput {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes;
  private int size;

  /** With room for so many bytes before it has to grow. */
  public ByteBuilder(int capacity) {
    bytes = new byte[capacity];
  }

  /** Forgets what was written. */
  public void clear() {
    size = 0;
  }

  /** How many bytes were written. */
  public int size() {
    return size;
  }

  /** The array that holds them, from its beginning; it is not copied. */
  public byte[] array() {
    return bytes;
  }

  /** A copy of what was written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** Gives what was written to a stream. */
  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, size);
  }

  private int claim(int count) {
    int at = size;
    size += count;
    if (size > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size, 2 * bytes.length));
    }
    return at;
  }

  @Override
  public void write(int value) {
    int at = claim(1);
    bytes[at] = (byte) value;
  }

  @Override
  public void write(byte[] from) {
    write(from, 0, from.length);
  }

  @Override
  public void write(byte[] from, int offset, int length) {
    int at = claim(length);
    System.arraycopy(from, offset, bytes, at, length);
  }

  @Override
  public void writeBoolean(boolean value) {
    write(value ? 1 : 0);
  }

  @Override
  public void writeByte(int value) {
    write(value);
  }

  @Override
  public void writeShort(int value) {
    write(value >>> 8);
    write(value);
  }

  @Override
  public void writeChar(int value) {
    writeShort(value);
  }

  @Override
  public void writeInt(int value) {
    int at = claim(Integer.BYTES);
    INTS.set(bytes, at, value);
  }

  @Override
  public void writeLong(long value) {
    int at = claim(Long.BYTES);
    LONGS.set(bytes, at, value);
  }

  @Override
  public void writeFloat(float value) {
    writeInt(Float.floatToIntBits(value));
  }

  @Override
  public void writeDouble(double value) {
    writeLong(Double.doubleToLongBits(value));
  }

  @Override
  public void writeBytes(String text) {
    for (int i = 0; i < text.length(); i++) {
      write(text.charAt(i));
    }
  }

  @Override
  public void writeChars(String text) {
    for (int i = 0; i < text.length(); i++) {
      writeChar(text.charAt(i));
    }
  }

  @Override
  public void writeUTF(String text) {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream(text.length() + 2);
    try {
      new DataOutputStream(encoded).writeUTF(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    write(encoded.toByteArray());
  }

  /** A text as the length of its UTF-8 in 4 bytes, and that. */
  public void writeText(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    writeInt(utf8.length);
    write(utf8);
  }
}
