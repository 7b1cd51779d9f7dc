package dev.crossfade.transforms.results;

import java.io.DataInput;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Primitives as bytes, as {@link java.io.DataOutput} specifies them, into an array that grows; a
 * {@link DataInput} reads them. {@link java.io.DataOutputStream} does the same and takes a lock for
 * each of them, which is most of what it costs where every event is written. Not thread-safe.
 */
public final class ByteBuilder {
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

  /** Writes the lowest eight bits. */
  public void writeByte(int value) {
    int at = claim(1);
    bytes[at] = (byte) value;
  }

  /** Writes 1 or 0. */
  public void writeBoolean(boolean value) {
    writeByte(value ? 1 : 0);
  }

  /** Writes four bytes. */
  public void writeInt(int value) {
    int at = claim(Integer.BYTES);
    INTS.set(bytes, at, value);
  }

  /** Writes eight bytes. */
  public void writeLong(long value) {
    int at = claim(Long.BYTES);
    LONGS.set(bytes, at, value);
  }

  /** Writes how many bytes there are, in four of them, and these. */
  public void writeBytes(byte[] from) {
    writeInt(from.length);
    int at = claim(from.length);
    System.arraycopy(from, 0, bytes, at, from.length);
  }

  /**
   * Begins bytes of which nobody knows yet how many there will be; what is written until {@link
   * #endBytes} is read by {@link #readBytes}.
   *
   * @return what is to be given to {@link #endBytes}
   */
  public int beginBytes() {
    writeInt(0);
    return size;
  }

  /** Ends the bytes that {@link #beginBytes} began. */
  public void endBytes(int begun) {
    INTS.set(bytes, begun - Integer.BYTES, size - begun);
  }

  /** Reads what {@link #writeBytes} wrote. */
  public static byte[] readBytes(DataInput in) throws IOException {
    byte[] read = new byte[in.readInt()];
    in.readFully(read);
    return read;
  }

  /** Writes the first of some bytes, and not how many these are. */
  public void writeAll(byte[] from, int count) {
    int at = claim(count);
    System.arraycopy(from, 0, bytes, at, count);
  }

  /** Writes the first of some integers. */
  public void writeInts(int[] from, int count) {
    int at = claim(count * Integer.BYTES);
    ByteBuffer.wrap(bytes, at, count * Integer.BYTES).asIntBuffer().put(from, 0, count);
  }

  /** Reads what {@link #writeInts} wrote. */
  public static int[] readInts(DataInput in, int count) throws IOException {
    byte[] read = new byte[count * Integer.BYTES];
    in.readFully(read);
    int[] values = new int[count];
    ByteBuffer.wrap(read).asIntBuffer().get(values);
    return values;
  }

  /** Writes the first of some integers of 64 bits. */
  public void writeLongs(long[] from, int count) {
    int at = claim(count * Long.BYTES);
    ByteBuffer.wrap(bytes, at, count * Long.BYTES).asLongBuffer().put(from, 0, count);
  }

  /** Reads what {@link #writeLongs} wrote. */
  public static long[] readLongs(DataInput in, int count) throws IOException {
    byte[] read = new byte[count * Long.BYTES];
    in.readFully(read);
    long[] values = new long[count];
    ByteBuffer.wrap(read).asLongBuffer().get(values);
    return values;
  }

  /** Writes a text as the bytes of its UTF-8. */
  public void writeText(String text) {
    writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads what {@link #writeText} wrote. */
  public static String readText(DataInput in) throws IOException {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }
}
