package dev.crossfade.io.files;

import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.records.SourceRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;

/**
 * What files hold, by a count of their lines that shares nothing with the reading of their records.
 * The identity of a file is the checksum of its bytes as they are stored.
 */
public final class FileInputs {
  private static final int BUFFER_BYTES = 1 << 16;

  private FileInputs() {}

  /**
   * The lines of the files that match a pattern, a header among them. What follows damage in an
   * archive cannot be counted: it is one line, as it is one dead letter. So is the header that an
   * empty CSV file should have.
   *
   * @throws IOException if no file matches, or one cannot be read
   */
  public static List<SourceRange> matching(String pattern, RecordFormat format) throws IOException {
    List<SourceRange> files = new ArrayList<>();
    for (MatchResult.Metadata file :
        FileSystems.match(pattern, EmptyMatchTreatment.DISALLOW).metadata()) {
      files.add(count(file, format));
    }
    return files;
  }

  private static SourceRange count(MatchResult.Metadata file, RecordFormat format)
      throws IOException {
    String path = file.resourceId().toString();
    MessageDigest sha256 = sha256();
    long lines;
    try (InputStream stored =
        new DigestInputStream(
            Channels.newInputStream(FileSystems.open(file.resourceId())), sha256)) {
      lines = lines(path, stored);
      // Whatever stands behind the end of an archive belongs to the file all the same.
      stored.transferTo(java.io.OutputStream.nullOutputStream());
    }
    if (lines == 0 && format instanceof RecordFormat.Csv) {
      lines = 1;
    }
    return new SourceRange(
        path, "sha256:" + HexFormat.of().formatHex(sha256.digest()), 1, 1 + lines);
  }

  private static long lines(String path, InputStream stored) throws IOException {
    FailureMark mark = new FailureMark(stored);
    long lines = 0;
    boolean open = false;
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in =
          Channels.newInputStream(
              Compression.detect(path).readDecompressed(Channels.newChannel(mark)));
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        for (int i = 0; i < count; i++) {
          if (buffer[i] == '\n') {
            lines++;
            open = false;
          } else {
            open = true;
          }
        }
      }
    } catch (IOException e) {
      if (mark.failed) {
        throw e;
      }
      // A damaged archive.
      return lines + 1;
    }
    return open ? lines + 1 : lines;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Knows whether the stored bytes could not be read, as against what they should be. */
  private static final class FailureMark extends java.io.FilterInputStream {
    private boolean failed;

    FailureMark(InputStream in) {
      super(in);
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

    @Override
    public void close() {
      // The stream belongs to who opened it, who reads on.
    }
  }
}
