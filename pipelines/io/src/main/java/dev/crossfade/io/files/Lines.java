package dev.crossfade.io.files;

import dev.crossfade.transforms.records.RecordFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lines of a text as bytes, without their ends. A line ends in LF, in CR, or in CRs before an LF,
 * which are one end; the last one may have none. No other character ends a line.
 *
 * <p>A CR within the quotes of a CSV field is a part of the field, and an LF never is. In a text
 * whose first line ends in CR alone, quotes mean nothing to line ends: one that is not closed would
 * take all lines after it.
 */
final class Lines {
  /** A line may have this many bytes; of a longer one the rest is passed over. */
  static final int MAX_LINE_BYTES = 16 << 20;

  /** Stands for a text in which a line ends at each CR, quoted or not. */
  static final int NO_QUOTES = -1;

  private static final byte[] RETURN = {'\r'};

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;
  private byte[] line = new byte[1 << 10];
  private int length;
  private long consumed;
  private boolean cut;
  private boolean ended;

  /** Further CRs behind a line that ended in one, each of which is the end of a blank line. */
  private long returns;

  /** The byte behind which a quote opens a field, or {@link #NO_QUOTES}. */
  private int delimiter;

  /** Whether the first line is still to be read to its end. */
  private boolean atFirst;

  private Quote quote;
  private int scanned;

  /** Where in a field the scan for quotes is. */
  private enum Quote {
    FIELD_START,
    UNQUOTED,
    QUOTED,
    /** Behind a quote that closes the field, unless another follows it. */
    CLOSING
  }

  private Lines(InputStream in, int delimiter, boolean atFirst) {
    this.in = in;
    this.delimiter = delimiter;
    this.atFirst = atFirst;
  }

  /** The lines of a text from its beginning on. */
  static Lines of(InputStream in, RecordFormat format) {
    return new Lines(in, delimiterOf(format), true);
  }

  /**
   * The lines of a text behind its first.
   *
   * @param delimiter what {@link #delimiter} gave when the first was read
   */
  static Lines behindFirst(InputStream in, int delimiter) {
    return new Lines(in, delimiter, false);
  }

  /** The byte behind which a quote opens a field: the delimiter's last, if it has several. */
  private static int delimiterOf(RecordFormat format) {
    if (format instanceof RecordFormat.Csv csv) {
      byte[] utf8 = String.valueOf(csv.delimiter()).getBytes(StandardCharsets.UTF_8);
      return utf8[utf8.length - 1] & 0xFF;
    }
    return NO_QUOTES;
  }

  /** The byte behind which a quote opens a field, or {@link #NO_QUOTES}. */
  int delimiter() {
    return delimiter;
  }

  /** Moves to the next line; false at the end of the stream. */
  boolean next() throws IOException {
    length = 0;
    cut = false;
    ended = false;
    quote = Quote.FIELD_START;
    scanned = 0;
    if (returns > 0) {
      returns--;
      return endInReturn();
    }
    boolean any = false;
    while (position < limit || fill()) {
      any = true;
      int end = position;
      // Nearly all bytes of a text are greater than both.
      while (end < limit && (buffer[end] > '\r' || (buffer[end] != '\n' && buffer[end] != '\r'))) {
        end++;
      }
      append(buffer, position, end - position);
      consumed += end - position;
      position = end;
      if (end == limit) {
        continue;
      }
      if (buffer[end] == '\n') {
        position++;
        consumed++;
        ended = true;
        atFirst = false;
        return true;
      }
      long run = passReturns();
      if ((position < limit || fill()) && buffer[position] == '\n') {
        position++;
        consumed += run + 1;
        ended = true;
        atFirst = false;
        return true;
      }
      if (isQuoted()) {
        for (long i = 0; i < run; i++) {
          append(RETURN, 0, 1);
        }
        consumed += run;
      } else {
        returns = run - 1;
        return endInReturn();
      }
    }
    return any;
  }

  private boolean endInReturn() {
    consumed++;
    ended = true;
    if (atFirst) {
      atFirst = false;
      delimiter = NO_QUOTES;
    }
    return true;
  }

  /** Passes over CRs and counts them. */
  private long passReturns() throws IOException {
    long run = 0;
    while ((position < limit || fill()) && buffer[position] == '\r') {
      position++;
      run++;
    }
    return run;
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer, 0, buffer.length));
    return limit > 0;
  }

  private void append(byte[] from, int offset, int count) {
    int fits = Math.min(count, MAX_LINE_BYTES - length);
    if (line.length - length < fits) {
      line = Arrays.copyOf(line, Math.max(line.length * 2, length + fits));
    }
    System.arraycopy(from, offset, line, length, fits);
    length += fits;
    if (fits < count) {
      cut = true;
      // What is passed over may still open and close quotes.
      if (delimiter != NO_QUOTES) {
        scanLine();
        scan(from, offset + fits, offset + count);
      }
    }
  }

  private boolean isQuoted() {
    if (delimiter == NO_QUOTES) {
      return false;
    }
    scanLine();
    return quote == Quote.QUOTED;
  }

  private void scanLine() {
    scan(line, scanned, length);
    scanned = length;
  }

  private void scan(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      boolean isQuote = bytes[i] == '"';
      quote =
          switch (quote) {
            case QUOTED -> isQuote ? Quote.CLOSING : Quote.QUOTED;
            case FIELD_START -> isQuote ? Quote.QUOTED : unquoted(bytes[i]);
            case CLOSING -> isQuote ? Quote.QUOTED : unquoted(bytes[i]);
            case UNQUOTED -> unquoted(bytes[i]);
          };
    }
  }

  private Quote unquoted(byte next) {
    return next == (byte) delimiter ? Quote.FIELD_START : Quote.UNQUOTED;
  }

  /** The array that holds the line from its first place on; it changes with {@link #next}. */
  byte[] bytes() {
    return line;
  }

  /** How many bytes the line has. */
  int length() {
    return length;
  }

  /** The line as text; bytes that are not UTF-8 are replaced. */
  String text() {
    return new String(line, 0, length, StandardCharsets.UTF_8);
  }

  /** Whether the line was longer than {@link #MAX_LINE_BYTES}. */
  boolean isCut() {
    return cut;
  }

  /** Whether the line has an end; only the last of a text may have none. */
  boolean isEnded() {
    return ended;
  }

  /** Whether there is nothing in the line but blanks and tabs that are no delimiters. */
  boolean isBlank(RecordFormat format) {
    for (int i = 0; i < length; i++) {
      if ((line[i] != ' ' && line[i] != '\t') || isDelimiter(format, line[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDelimiter(RecordFormat format, byte next) {
    return format instanceof RecordFormat.Csv csv && csv.delimiter() == next;
  }

  /** How many bytes of the stream the lines so far took. */
  long consumed() {
    return consumed;
  }
}
