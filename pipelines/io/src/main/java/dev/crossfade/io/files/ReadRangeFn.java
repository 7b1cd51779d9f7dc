package dev.crossfade.io.files;

import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.RecordFormat;
import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;

/**
 * Reads the lines of a range into blocks. Each line is a position: those that hold no record, such
 * as a header or a blank line, are counted as such. Event times are left to be read: none of these
 * records is late, whatever its time.
 */
final class ReadRangeFn extends DoFn<FileRange, Block> {
  private static final long serialVersionUID = 1L;
  private static final int MAX_BLOCK_RECORDS = 2_000;
  private static final int MAX_BLOCK_BYTES = 1 << 20;

  private final RecordFormat format;

  ReadRangeFn(RecordFormat format) {
    this.format = format;
  }

  @ProcessElement
  public void process(@Element FileRange range, OutputReceiver<Block> blocks) throws IOException {
    String path = range.file().path();
    String header = range.header();
    boolean wantsHeader = format instanceof RecordFormat.Csv && range.firstLine() == 1;
    long number = range.firstLine();
    Block.Builder block = new Block.Builder(path, header);
    for (long passed = range.firstPosition(); passed < range.firstLine(); passed++) {
      block.addWithoutContent(passed);
    }
    try (StoredText text = open(range)) {
      Lines lines =
          range.length() == FileRange.WHOLE
              ? Lines.of(text, format)
              : Lines.behindFirst(text, range.delimiter());
      for (; lines.consumed() < range.length() && lines.next(); number++) {
        if (!lines.isEnded() && text.cutsLine()) {
          break;
        }
        if (wantsHeader) {
          header = lines.text();
          wantsHeader = false;
          block = new Block.Builder(path, header);
          block.addWithoutContent(number);
        } else if (lines.isCut()) {
          block.addFault(
              number,
              "is longer than " + Lines.MAX_LINE_BYTES + " bytes",
              lines.bytes(),
              0,
              lines.length());
        } else if (lines.isBlank(format)) {
          block.addWithoutContent(number);
        } else {
          block.add(number, Block.UNREAD, Block.IN_TIME, lines.bytes(), 0, lines.length());
        }
        if (block.size() >= MAX_BLOCK_RECORDS || block.length() >= MAX_BLOCK_BYTES) {
          output(block.build(), blocks);
          block = new Block.Builder(path, header);
        }
      }
      if (text.damage().isPresent()) {
        // A line that the damage cut off is in the letter, and not a record.
        block.addFault(
            number,
            text.damage().get(),
            lines.bytes(),
            0,
            text.cutsLine() && !lines.isEnded() ? lines.length() : 0);
      } else if (wantsHeader) {
        block.addFault(1, "is empty; a CSV file begins with a header line", new byte[0], 0, 0);
      }
    }
    range.file().requireUnchanged();
    boolean isEmpty = number == 1 && block.coversNothing();
    if (isEmpty) {
      // Nothing is in it, but it was read.
      block.addWithoutContentTo(1, 1);
    }
    if (isEmpty || !block.coversNothing()) {
      output(block.build(), blocks);
    }
  }

  private static void output(Block block, OutputReceiver<Block> blocks) {
    blocks.outputWithTimestamp(block, BoundedWindow.TIMESTAMP_MIN_VALUE);
  }

  private static StoredText open(FileRange range) throws IOException {
    String path = range.file().path();
    return range.length() == FileRange.WHOLE
        ? StoredText.open(path)
        : StoredText.from(path, range.start());
  }
}
