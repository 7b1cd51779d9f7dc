package dev.crossfade.transforms.records;

import dev.crossfade.transforms.records.RecordFormat.FieldVisitor;
import dev.crossfade.transforms.records.RecordFormat.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads records that are plain: one flat JSON object in ASCII, of texts without escapes, numbers
 * without exponents, true, false and null. Nearly all are, and most of what a parser of all of JSON
 * costs is for those that are not. Whatever is not plain, right or wrong, is left to the parser,
 * which is the one judge of what a record is. Not thread-safe.
 */
final class PlainJson {
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");
  private static final byte[] NULL = ascii("null");
  private static final int MOST_REMEMBERED = 64;

  /** Longer ones are left to the parser, which has limits of its own. */
  private static final int MAX_NAME_LENGTH = 1_000;

  private static final int MAX_NUMBER_LENGTH = 100;

  /** The names of the record before, in their order, as bytes and as text. */
  private final byte[][] nameBytes = new byte[MOST_REMEMBERED][];

  private final String[] names = new String[MOST_REMEMBERED];

  private byte[] bytes;
  private int at;
  private int end;

  /**
   * Reads a record.
   *
   * @param visitor is given each field until it wants no more; what it was given counts only if the
   *     record is plain
   * @return whether the record is plain up to where the visitor wanted no more. It is not if the
   *     visitor refuses a field: the parser comes to the same, and tells it
   */
  boolean read(byte[] bytes, int offset, int length, FieldVisitor visitor) {
    this.bytes = bytes;
    this.at = offset;
    this.end = offset + length;
    visitor.begin();
    try {
      return readObject(visitor);
    } catch (UndecodableException e) {
      return false;
    }
  }

  private boolean readObject(FieldVisitor visitor) throws UndecodableException {
    if (!token('{')) {
      return false;
    }
    int position = 0;
    do {
      if (!token('"')) {
        return false;
      }
      int start = at;
      if (!text() || at - start > MAX_NAME_LENGTH) {
        return false;
      }
      String name = name(position++, start, at - 1);
      if (!token(':') || blank() == end) {
        return false;
      }
      start = at;
      ValueKind kind = value();
      if (kind == ValueKind.NESTED) {
        return false;
      }
      if (visitor.wants(name) && !visitor.field(name, textOf(kind, start), kind)) {
        return true;
      }
    } while (token(','));
    return token('}') && blank() == end;
  }

  /** Passes over a value; {@code NESTED} stands for whatever is not plain. */
  private ValueKind value() {
    return switch (bytes[at]) {
      case '"' -> {
        at++;
        yield text() ? ValueKind.TEXT : ValueKind.NESTED;
      }
      case 't' -> word(TRUE) ? ValueKind.BOOLEAN : ValueKind.NESTED;
      case 'f' -> word(FALSE) ? ValueKind.BOOLEAN : ValueKind.NESTED;
      case 'n' -> word(NULL) ? ValueKind.NULL : ValueKind.NESTED;
      default -> number() ? ValueKind.NUMBER : ValueKind.NESTED;
    };
  }

  /** The value that was passed over, as a parser gives it. */
  private String textOf(ValueKind kind, int start) {
    return switch (kind) {
      case NULL -> null;
      case TEXT -> string(start + 1, at - 1);
      default -> string(start, at);
    };
  }

  private String name(int position, int start, int stop) {
    if (position >= MOST_REMEMBERED) {
      return string(start, stop);
    }
    byte[] known = nameBytes[position];
    if (known == null || !Arrays.equals(known, 0, known.length, bytes, start, stop)) {
      nameBytes[position] = Arrays.copyOfRange(bytes, start, stop);
      names[position] = string(start, stop);
    }
    return names[position];
  }

  /** ASCII is ISO 8859-1 as well, which needs no decoding. */
  private String string(int start, int stop) {
    return new String(bytes, start, stop - start, StandardCharsets.ISO_8859_1);
  }

  /** Passes over a text from after its first quote to after its last. */
  private boolean text() {
    byte[] from = bytes;
    int stop = end;
    for (int i = at; i < stop; i++) {
      byte b = from[i];
      if (b == '"') {
        at = i + 1;
        return true;
      }
      // The bytes of what is not ASCII are negative.
      if (b < ' ' || b == '\\') {
        return false;
      }
    }
    return false;
  }

  /** Passes over a number, which must be seen to end. */
  private boolean number() {
    int start = at;
    int i = start;
    if (bytes[i] == '-') {
      i++;
    }
    int whole = i;
    i = digits(i);
    if (i == whole || (bytes[whole] == '0' && i > whole + 1)) {
      return false;
    }
    if (i < end && bytes[i] == '.') {
      int fraction = i + 1;
      i = digits(fraction);
      if (i == fraction) {
        return false;
      }
    }
    at = i;
    return i - start <= MAX_NUMBER_LENGTH && isDelimited();
  }

  private int digits(int from) {
    int i = from;
    while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
      i++;
    }
    return i;
  }

  private boolean word(byte[] word) {
    int stop = at + word.length;
    if (stop > end || !Arrays.equals(word, 0, word.length, bytes, at, stop)) {
      return false;
    }
    at = stop;
    return isDelimited();
  }

  /** Whether the value that was passed over does not go on. */
  private boolean isDelimited() {
    return at < end && (bytes[at] == ',' || bytes[at] == '}' || isBlank(bytes[at]));
  }

  /**
   * Passes over one character, and the blanks before it; over nothing but blanks if it is not
   * there.
   */
  private boolean token(char expected) {
    if (blank() < end && bytes[at] == expected) {
      at++;
      return true;
    }
    return false;
  }

  /** Passes over blanks. */
  private int blank() {
    while (at < end && isBlank(bytes[at])) {
      at++;
    }
    return at;
  }

  static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
