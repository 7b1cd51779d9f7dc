package dev.crossfade.io.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The data of a gzip archive (RFC 1952) of one or more members. Damage ends the data and is told by
 * {@link #damage}; everything that can be decompressed before it is given, to the last byte. Zeros
 * behind the last member are padding, as they are to {@code gzip}.
 */
final class GzipMembers extends InputStream {
  private static final int MAGIC_1 = 0x1f;
  private static final int MAGIC_2 = 0x8b;
  private static final int DEFLATE = 8;
  private static final int HEADER_CHECKSUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xE0;

  private final InputStream stored;
  private final byte[] input = new byte[1 << 16];
  private int position;
  private int limit;

  /** How many stored bytes came before those in the buffer. */
  private long before;

  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private long members;
  private boolean inMember;
  private boolean atEnd;
  private String damage;
  private boolean cutsData;

  GzipMembers(InputStream stored) {
    this.stored = stored;
  }

  /** Whether bytes are the first two of a gzip archive. */
  static boolean begins(byte[] head, int length) {
    return length >= 2 && (head[0] & 0xFF) == MAGIC_1 && (head[1] & 0xFF) == MAGIC_2;
  }

  /** What is wrong with the archive; empty as long as nothing is known to be. */
  Optional<String> damage() {
    return Optional.ofNullable(damage);
  }

  /** Whether the damage is amid data, so that the last of them may be cut off. */
  boolean cutsData() {
    return cutsData;
  }

  @Override
  public int read() throws IOException {
    return StoredText.readOne(this);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!atEnd) {
      if (!inMember && !beginMember()) {
        break;
      }
      int count = inflate(into, offset, length);
      if (count > 0) {
        checksum.update(into, offset, count);
        return count;
      }
      if (atEnd) {
        break;
      }
      if (inflater.finished()) {
        endMember();
      } else if (inflater.needsDictionary()) {
        damage("asks for a dictionary, which gzip does not have", true);
      } else if (inflater.needsInput() && !fill()) {
        damage("ends amid its data", true);
      }
    }
    return -1;
  }

  private int inflate(byte[] into, int offset, int length) throws IOException {
    long written = inflater.getBytesWritten();
    try {
      if (inflater.needsInput() && position < limit) {
        inflater.setInput(input, position, limit - position);
        position = limit;
      }
      return inflater.inflate(into, offset, length);
    } catch (DataFormatException e) {
      // What was decompressed before stands in the array.
      int count = (int) (inflater.getBytesWritten() - written);
      position = limit - inflater.getRemaining();
      damage("is damaged (" + e.getMessage() + ")", true);
      return count;
    }
  }

  /** Whether there is another member. */
  private boolean beginMember() throws IOException {
    if (members > 0 && isPadding()) {
      atEnd = true;
      return false;
    }
    if (atEnd) {
      return false;
    }
    int first = next();
    int second = next();
    if (first != MAGIC_1 || second != MAGIC_2) {
      return noMember(first < 0 || second < 0);
    }
    int method = next();
    int flags = next();
    for (int i = 0; i < 6; i++) {
      // The time, the level and the system of whoever has packed it.
      int unused = next();
    }
    if (method != DEFLATE || (flags & RESERVED) != 0) {
      return noMember(method < 0 || flags < 0);
    }
    int last = 0;
    if ((flags & EXTRA) != 0) {
      for (int left = next() | next() << 8; left > 0 && last >= 0; left--) {
        last = next();
      }
    }
    for (int text = NAME; text <= COMMENT; text <<= 1) {
      if ((flags & text) != 0) {
        do {
          last = next();
        } while (last > 0);
      }
    }
    if ((flags & HEADER_CHECKSUM) != 0) {
      last = Math.min(next(), next());
    }
    if (last < 0 || !fill()) {
      damage("ends within the header of a member", false);
      return false;
    }
    inflater.reset();
    checksum.reset();
    inMember = true;
    members++;
    return true;
  }

  private boolean noMember(boolean ended) throws IOException {
    damage(
        ended
            ? "ends within the header of a member"
            : members == 0 ? "has a header that is not gzip's" : "is followed by what is no gzip",
        false);
    return false;
  }

  /** Whether nothing but zeros is left, if anything is. */
  private boolean isPadding() throws IOException {
    if (!fill()) {
      return true;
    }
    if (input[position] != 0) {
      return false;
    }
    while (fill()) {
      if (input[position] != 0) {
        damage("is followed by what is no gzip", false);
        return false;
      }
      position++;
    }
    return true;
  }

  private void endMember() throws IOException {
    position = limit - inflater.getRemaining();
    inMember = false;
    long expectedChecksum = little32();
    long expectedLength = little32();
    if (expectedLength < 0) {
      damage("ends within the checksum that its data should match", false);
    } else if (expectedChecksum != checksum.getValue()) {
      damage("has a checksum that its data do not match: any of them may be wrong", false);
    } else if (expectedLength != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
      damage("has another length than it says: any of its data may be wrong", false);
    }
  }

  private long little32() throws IOException {
    long value = 0;
    for (int i = 0; i < 4; i++) {
      int next = next();
      if (next < 0) {
        return -1;
      }
      value |= (long) next << (8 * i);
    }
    return value;
  }

  private int next() throws IOException {
    return fill() ? input[position++] & 0xFF : -1;
  }

  /** Sees to it that there is a byte in the buffer; false at the end. */
  private boolean fill() throws IOException {
    if (position < limit) {
      return true;
    }
    before += limit;
    position = 0;
    limit = Math.max(0, stored.read(input, 0, input.length));
    return limit > 0;
  }

  /** Ends the data, and says how much of the archive was not read. */
  private void damage(String what, boolean amidData) throws IOException {
    long at = before + position;
    long left = (long) limit - position;
    for (int count = stored.read(input); count >= 0; count = stored.read(input)) {
      left += count;
    }
    position = 0;
    limit = 0;
    atEnd = true;
    cutsData = amidData;
    damage =
        "cannot be decompressed to its end: the archive "
            + what
            + ", at byte "
            + at
            + " of "
            + (at + left)
            + "; "
            + left
            + " compressed bytes are not read"
            + (amidData && left == 0 ? ", and what should follow is not there" : "");
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    stored.close();
  }
}
