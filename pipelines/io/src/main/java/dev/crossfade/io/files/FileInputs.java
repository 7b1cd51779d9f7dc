package dev.crossfade.io.files;

import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.records.SourceRange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;

/**
 * What files hold, by a count of their lines that shares nothing with the reading of their records
 * but the decompression. The identity of a file is the checksum of its bytes as they are stored.
 */
public final class FileInputs {
  private static final int BUFFER_BYTES = 1 << 16;

  private FileInputs() {}

  /**
   * What a file holds.
   *
   * @param lines its lines, a header among them
   * @param damage what kept it from being read to its end; empty if nothing did
   */
  public record Counted(SourceRange lines, Optional<String> damage) {}

  /**
   * Counts the lines of files. What follows damage in an archive cannot be counted: it is one line,
   * as it is one dead letter. So is the header that an empty CSV file should have.
   *
   * @throws IOException if one cannot be read, or changes meanwhile
   */
  public static List<Counted> of(List<InputFile> files, RecordFormat format) throws IOException {
    List<Counted> counted = new ArrayList<>();
    for (InputFile file : files) {
      counted.add(count(file, format));
    }
    return counted;
  }

  /**
   * The first line of a text file, which in CSV names the fields.
   *
   * @throws IOException if it cannot be read
   */
  public static String header(String path, RecordFormat format) throws IOException {
    try (StoredText text = StoredText.open(path)) {
      Lines lines = Lines.of(text, format);
      return lines.next() ? lines.text() : "";
    }
  }

  private static Counted count(InputFile file, RecordFormat format) throws IOException {
    MessageDigest sha256 = sha256();
    LineCount count = new LineCount(format);
    Optional<String> damage;
    boolean cutsLine;
    try (InputStream stored =
        new DigestInputStream(
            Channels.newInputStream(
                FileSystems.open(FileSystems.matchNewResource(file.path(), false))),
            sha256)) {
      StoredText text = StoredText.of(file.path(), stored);
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = text.read(buffer); read >= 0; read = text.read(buffer)) {
        count.add(buffer, read);
      }
      damage = text.damage();
      cutsLine = text.cutsLine();
      // Whatever stands behind the damage belongs to the file all the same.
      stored.transferTo(OutputStream.nullOutputStream());
    }
    file.requireUnchanged();
    // What is missing is one more, and has in it the line that it may have cut off.
    long lines =
        damage.isPresent() && cutsLine
            ? count.ended() + 1
            : count.all() + (damage.isPresent() ? 1 : 0);
    if (lines == 0 && format instanceof RecordFormat.Csv) {
      lines = 1;
    }
    return new Counted(
        new SourceRange(
            file.path(), "sha256:" + HexFormat.of().formatHex(sha256.digest()), 1, 1 + lines),
        damage);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Counts ends of lines, as {@link Lines} says what they are, without keeping a line. */
  private static final class LineCount {
    private static final int AT_START = 0;
    private static final int PLAIN = 1;
    private static final int QUOTED = 2;
    private static final int BEHIND_QUOTE = 3;

    /** Bytes that are more than a part of a field. */
    private final boolean[] special = new boolean[256];

    private final int delimiter;
    private boolean quotesCount;
    private long lines;
    private boolean open;
    private int field = AT_START;

    /** CRs of which it is not yet known what they are. */
    private long returns;

    LineCount(RecordFormat format) {
      quotesCount = format instanceof RecordFormat.Csv;
      delimiter =
          format instanceof RecordFormat.Csv csv ? lastByte(String.valueOf(csv.delimiter())) : -1;
      special['\n'] = true;
      special['\r'] = true;
      if (quotesCount) {
        special['"'] = true;
        special[delimiter] = true;
      }
    }

    private static int lastByte(String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      return utf8[utf8.length - 1] & 0xFF;
    }

    void add(byte[] bytes, int count) {
      int i = 0;
      while (i < count) {
        int next = bytes[i] & 0xFF;
        if (next == '\n') {
          returns = 0;
          end(1);
        } else if (next == '\r') {
          returns++;
        } else {
          settleReturns();
          open = true;
          field = after(next);
          // The rest of a field, which is most of a text.
          while (i + 1 < count && !special[bytes[i + 1] & 0xFF]) {
            i++;
            field = field == QUOTED ? QUOTED : PLAIN;
          }
        }
        i++;
      }
    }

    /** CRs that no LF follows: each ends a line, unless it stands within quotes. */
    private void settleReturns() {
      if (returns == 0) {
        return;
      }
      if (quotesCount && field == QUOTED) {
        open = true;
      } else {
        quotesCount &= lines > 0;
        end(returns);
      }
      returns = 0;
    }

    private void end(long ends) {
      lines += ends;
      open = false;
      field = AT_START;
    }

    private int after(int next) {
      if (field == QUOTED) {
        return next == '"' ? BEHIND_QUOTE : QUOTED;
      }
      if (next == '"' && field != PLAIN) {
        return QUOTED;
      }
      return next == delimiter ? AT_START : PLAIN;
    }

    /** The lines that have an end, once there is no more. */
    long ended() {
      settleReturns();
      return lines;
    }

    /** All lines, once there is no more. */
    long all() {
      settleReturns();
      return open ? lines + 1 : lines;
    }
  }
}
