package dev.crossfade.io.files;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileSystems;

/**
 * The text of a file: decompressed, by the ending of its name, and without the byte order mark of
 * UTF-8. A file that can be read but is not what it should be, a damaged archive or UTF-16, is bad
 * input, which must not cost what was read before: it ends where the damage is, and {@link #damage}
 * tells of it. Storage that cannot be read fails.
 */
final class StoredText extends InputStream {
  private static final Pattern PLAIN = Pattern.compile("(?i)\\.(csv|tsv|txt|json|jsonl)$");

  private static final int HEAD_BYTES = 4;

  /**
   * Whatever fails in one call is lost with what the call had, so other archives than gzip are read
   * by little.
   */
  private static final int OTHER_ARCHIVE_BYTES = 512;

  private final StoredBytes stored;
  private final String path;
  private final boolean isPart;
  private InputStream text;
  private GzipMembers gzip;
  private int limitedTo = Integer.MAX_VALUE;
  private int markBytes;
  private String damage;
  private boolean cutsLine;

  private StoredText(String path, InputStream stored, boolean isPart) {
    this.path = path;
    this.stored = new StoredBytes(stored);
    this.isPart = isPart;
  }

  /** Opens a file. */
  static StoredText open(String path) throws IOException {
    return of(path, Channels.newInputStream(channel(path)));
  }

  /** The text of bytes as they are stored under a path. */
  static StoredText of(String path, InputStream stored) {
    return new StoredText(path, stored, false);
  }

  /** Opens a file that is not compressed behind its first bytes. */
  static StoredText from(String path, long start) throws IOException {
    ReadableByteChannel channel = channel(path);
    ((SeekableByteChannel) channel).position(start);
    return new StoredText(path, Channels.newInputStream(channel), true);
  }

  private static ReadableByteChannel channel(String path) throws IOException {
    return FileSystems.open(FileSystems.matchNewResource(path, false));
  }

  /** What kept the file from being read to its end; empty as long as nothing did. */
  Optional<String> damage() {
    return Optional.ofNullable(damage);
  }

  /** Whether the damage may have cut off the last line. */
  boolean cutsLine() {
    return cutsLine;
  }

  /** How many bytes the byte order mark took, once something was read. */
  int markBytes() {
    return markBytes;
  }

  @Override
  public int read() throws IOException {
    return readOne(this);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (damage != null) {
      return -1;
    }
    if (length == 0) {
      return 0;
    }
    try {
      if (text == null) {
        begin();
        if (damage != null) {
          return -1;
        }
      }
      int count = text.read(into, offset, Math.min(length, limitedTo));
      if (count < 0) {
        takeDamageOfGzip();
      }
      return count;
    } catch (IOException | RuntimeException e) {
      // Decompressors throw what they like when their input is not what it should be.
      if (stored.failed || isPart || isPlain(path)) {
        throw e;
      }
      damage = "cannot be decompressed, nor what follows it: " + e.getMessage();
      cutsLine = true;
      return -1;
    }
  }

  /**
   * Whether a file of this name is not compressed. What is plain by its name spares commands that
   * read a table of references the loading of every decompressor.
   */
  static boolean isPlain(String path) {
    return PLAIN.matcher(path).find() || Compression.detect(path) == Compression.UNCOMPRESSED;
  }

  /** The next byte of a stream that reads into arrays. */
  static int readOne(InputStream in) throws IOException {
    byte[] one = new byte[1];
    return in.read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  private void takeDamageOfGzip() {
    if (gzip != null && gzip.damage().isPresent()) {
      damage = gzip.damage().get();
      cutsLine = gzip.cutsData();
    }
  }

  private void begin() throws IOException {
    if (isPart) {
      text = stored;
      return;
    }
    InputStream decompressed = decompressed();
    if (damage != null) {
      return;
    }
    PushbackInputStream all = new PushbackInputStream(decompressed, HEAD_BYTES);
    byte[] head = head(all);
    if (isMark(head, 0xEF, 0xBB, 0xBF)) {
      markBytes = 3;
    } else if (isMark(head, 0xFE, 0xFF) || isMark(head, 0xFF, 0xFE)) {
      refuse("UTF-16");
    } else if (isMark(head, 0, 0, 0xFE, 0xFF)) {
      refuse("UTF-32");
    }
    all.unread(head, markBytes, head.length - markBytes);
    text = all;
  }

  private void refuse(String encoding) {
    damage =
        "begins with the byte order mark of "
            + encoding
            + ", and nothing of it is read: text is UTF-8; convert it, for example with 'iconv -f "
            + encoding
            + " -t UTF-8'";
  }

  private InputStream decompressed() throws IOException {
    if (isPlain(path)) {
      return stored;
    }
    Compression compression = Compression.detect(path);
    if (compression != Compression.GZIP) {
      limitedTo = OTHER_ARCHIVE_BYTES;
      return Channels.newInputStream(compression.readDecompressed(Channels.newChannel(stored)));
    }
    PushbackInputStream all = new PushbackInputStream(stored, HEAD_BYTES);
    byte[] head = head(all);
    if (head.length == 0) {
      damage = "is empty; not even an empty archive is";
      return stored;
    }
    all.unread(head);
    if (head.length > 1 && !GzipMembers.begins(head, head.length)) {
      // A text that is only named so; it is what Beam takes it for as well.
      return all;
    }
    gzip = new GzipMembers(all);
    return gzip;
  }

  private static byte[] head(InputStream in) throws IOException {
    byte[] head = new byte[HEAD_BYTES];
    return Arrays.copyOf(head, in.readNBytes(head, 0, HEAD_BYTES));
  }

  private static boolean isMark(byte[] head, int... mark) {
    if (head.length < mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if ((head[i] & 0xFF) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    if (gzip != null) {
      gzip.close();
    } else {
      stored.close();
    }
  }

  /** Knows whether the stored bytes could not be read, as against what they should be. */
  private static final class StoredBytes extends FilterInputStream {
    private boolean failed;

    StoredBytes(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      return readOne(this);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        return super.read(into, offset, length);
      } catch (IOException e) {
        failed = true;
        throw e;
      }
    }
  }
}
