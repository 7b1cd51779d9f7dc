package dev.crossfade.io.files;

import dev.crossfade.transforms.records.RecordFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * Cuts a plain file into ranges of whole lines. It reads the file once to count its lines, which
 * costs little beside decoding it, so that the origin of each record names its line.
 */
final class PlanRangesFn extends DoFn<MatchResult.Metadata, FileRange> {
  private static final long serialVersionUID = 1L;
  private static final int BYTE_ORDER_MARK_BYTES = 3;

  private final RecordFormat format;
  private final long rangeBytes;

  PlanRangesFn(RecordFormat format, long rangeBytes) {
    this.format = format;
    this.rangeBytes = rangeBytes;
  }

  @ProcessElement
  public void process(@Element MatchResult.Metadata file, OutputReceiver<FileRange> ranges)
      throws IOException {
    String path = file.resourceId().toString();
    boolean splittable =
        Compression.detect(path) == Compression.UNCOMPRESSED
            && file.isReadSeekEfficient()
            && file.sizeBytes() > rangeBytes;
    if (!splittable) {
      ranges.output(new FileRange(path, 0, FileRange.WHOLE, 1, 1, ""));
      return;
    }
    try (InputStream in = Channels.newInputStream(FileSystems.open(file.resourceId()))) {
      Lines lines = new Lines(in);
      String header = "";
      long line = 0;
      long firstPosition = 1;
      long firstLine = 1;
      long start = 0;
      while (lines.next()) {
        line++;
        if (line == 1 && format instanceof RecordFormat.Csv) {
          header = header(lines);
          start = lines.consumed();
          firstLine = 2;
        } else if (lines.consumed() - start >= rangeBytes) {
          ranges.output(
              new FileRange(
                  path, start, lines.consumed() - start, firstPosition, firstLine, header));
          start = lines.consumed();
          firstPosition = line + 1;
          firstLine = line + 1;
        }
      }
      if (firstPosition <= line) {
        ranges.output(
            new FileRange(path, start, lines.consumed() - start, firstPosition, firstLine, header));
      }
    }
  }

  /** The header line without the byte order mark that some programs put before it. */
  static String header(Lines lines) {
    int start = startsWithByteOrderMark(lines) ? BYTE_ORDER_MARK_BYTES : 0;
    return new String(lines.bytes(), start, lines.length() - start, StandardCharsets.UTF_8);
  }

  private static boolean startsWithByteOrderMark(Lines lines) {
    byte[] bytes = lines.bytes();
    return lines.length() >= BYTE_ORDER_MARK_BYTES
        && bytes[0] == (byte) 0xEF
        && bytes[1] == (byte) 0xBB
        && bytes[2] == (byte) 0xBF;
  }
}
