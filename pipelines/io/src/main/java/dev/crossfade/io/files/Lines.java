package dev.crossfade.io.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Lines of a stream as bytes, without their ends ({@code \n} or {@code \r\n}). A line may stand in
 * the last bytes without an end.
 */
final class Lines {
  /** A line may have this many bytes; of a longer one the rest is passed over. */
  static final int MAX_LINE_BYTES = 16 << 20;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;
  private byte[] line = new byte[1 << 10];
  private int length;
  private long consumed;
  private boolean cut;

  Lines(InputStream in) {
    this.in = in;
  }

  /** Moves to the next line; false at the end of the stream. */
  boolean next() throws IOException {
    length = 0;
    cut = false;
    boolean any = false;
    while (true) {
      if (position == limit) {
        limit = in.read(buffer, 0, buffer.length);
        position = 0;
        if (limit <= 0) {
          limit = 0;
          trim();
          return any;
        }
      }
      any = true;
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      append(position, end - position);
      consumed += end - position;
      position = end;
      if (end < limit) {
        position++;
        consumed++;
        trim();
        return true;
      }
    }
  }

  private void append(int from, int count) {
    int fits = Math.min(count, MAX_LINE_BYTES - length);
    cut |= fits < count;
    if (line.length - length < fits) {
      line = Arrays.copyOf(line, Math.max(line.length * 2, length + fits));
    }
    System.arraycopy(buffer, from, line, length, fits);
    length += fits;
  }

  private void trim() {
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    }
  }

  /** The array that holds the line from its first place on; it changes with {@link #next}. */
  byte[] bytes() {
    return line;
  }

  /** How many bytes the line has. */
  int length() {
    return length;
  }

  /** Whether the line was longer than {@link #MAX_LINE_BYTES}. */
  boolean isCut() {
    return cut;
  }

  /** Whether there is nothing but white space in the line. */
  boolean isBlank() {
    for (int i = 0; i < length; i++) {
      if (line[i] != ' ' && line[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  /** How many bytes of the stream the lines so far took. */
  long consumed() {
    return consumed;
  }
}
