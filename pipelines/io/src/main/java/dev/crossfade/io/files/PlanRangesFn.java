package dev.crossfade.io.files;

import dev.crossfade.transforms.records.RecordFormat;
import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * Cuts a plain file into ranges of whole lines. It reads the file once to count its lines, which
 * costs little beside decoding it, so that the origin of each record names its line.
 */
final class PlanRangesFn extends DoFn<InputFile, FileRange> {
  private static final long serialVersionUID = 1L;

  private final RecordFormat format;
  private final long rangeBytes;

  PlanRangesFn(RecordFormat format, long rangeBytes) {
    this.format = format;
    this.rangeBytes = rangeBytes;
  }

  @ProcessElement
  public void process(@Element InputFile file, OutputReceiver<FileRange> ranges)
      throws IOException {
    file.requireUnchanged();
    boolean splittable =
        StoredText.isPlain(file.path()) && file.isSeekable() && file.bytes() > rangeBytes;
    if (!splittable) {
      ranges.output(whole(file));
      return;
    }
    try (StoredText text = StoredText.open(file.path())) {
      Lines lines = Lines.of(text, format);
      String header = "";
      long line = 0;
      long firstPosition = 1;
      long firstLine = 1;
      long start = 0;
      while (lines.next()) {
        line++;
        if (line == 1) {
          start = text.markBytes();
        }
        long end = text.markBytes() + lines.consumed();
        if (line == 1 && format instanceof RecordFormat.Csv) {
          header = lines.text();
          start = end;
          firstLine = 2;
        } else if (end - start >= rangeBytes) {
          ranges.output(
              new FileRange(
                  file, start, end - start, firstPosition, firstLine, header, lines.delimiter()));
          start = end;
          firstPosition = line + 1;
          firstLine = line + 1;
        }
      }
      if (line == 0) {
        // Nothing but a mark at its beginning, which whoever reads it deals with.
        ranges.output(whole(file));
      } else if (firstPosition <= line) {
        long length = text.markBytes() + lines.consumed() - start;
        ranges.output(
            new FileRange(
                file, start, length, firstPosition, firstLine, header, lines.delimiter()));
      }
    }
  }

  private static FileRange whole(InputFile file) {
    return new FileRange(file, 0, FileRange.WHOLE, 1, 1, "", Lines.NO_QUOTES);
  }
}
