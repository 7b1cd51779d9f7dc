package dev.crossfade.io.files;

import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.RecordFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileSystems;
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
    String header = range.header();
    boolean wantsHeader = format instanceof RecordFormat.Csv && range.start() == 0;
    long number = range.firstLine();
    Block.Builder block = new Block.Builder(range.file(), header);
    for (long passed = range.firstPosition(); passed < range.firstLine(); passed++) {
      block.addWithoutContent(passed);
    }
    try (StoredBytes stored = new StoredBytes(open(range))) {
      Lines lines = new Lines(new LazyStream(range, stored));
      for (; lines.consumed() < range.length(); number++) {
        try {
          if (!lines.next()) {
            break;
          }
        } catch (IOException e) {
          if (stored.hasFailed()) {
            throw e;
          }
          // The file can be read, but is a damaged archive: bad input, which must not cost what was
          // read before the damage.
          block.addFault(
              number,
              "cannot be decompressed, nor what follows it: " + e.getMessage(),
              lines.bytes(),
              0,
              lines.length());
          break;
        }
        if (wantsHeader) {
          header = PlanRangesFn.header(lines);
          wantsHeader = false;
          block = new Block.Builder(range.file(), header);
          block.addWithoutContent(number);
        } else if (lines.isCut()) {
          block.addFault(
              number,
              "is longer than " + Lines.MAX_LINE_BYTES + " bytes",
              lines.bytes(),
              0,
              lines.length());
        } else if (lines.isBlank()) {
          block.addWithoutContent(number);
        } else {
          block.add(number, Block.UNREAD, Block.IN_TIME, lines.bytes(), 0, lines.length());
        }
        if (block.size() >= MAX_BLOCK_RECORDS || block.length() >= MAX_BLOCK_BYTES) {
          output(block.build(), blocks);
          block = new Block.Builder(range.file(), header);
        }
      }
    }
    if (wantsHeader && block.size() == 0) {
      block.addFault(1, "is empty; a CSV file begins with a header line", new byte[0], 0, 0);
    }
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

  private static ReadableByteChannel open(FileRange range) throws IOException {
    ReadableByteChannel channel =
        FileSystems.open(FileSystems.matchNewResource(range.file(), false));
    if (range.start() > 0) {
      ((SeekableByteChannel) channel).position(range.start());
    }
    return channel;
  }

  /** The bytes as they are stored; knows whether it was they that could not be read. */
  private static final class StoredBytes implements ReadableByteChannel {
    private final ReadableByteChannel channel;
    private boolean failed;

    StoredBytes(ReadableByteChannel channel) {
      this.channel = channel;
    }

    boolean hasFailed() {
      return failed;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      try {
        return channel.read(into);
      } catch (IOException e) {
        failed = true;
        throw e;
      }
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /**
   * The bytes after decompression. What is no archive is found out when it is opened; here that is
   * part of the first read, so that it is dealt with like damage further on.
   */
  private static final class LazyStream extends InputStream {
    private final FileRange range;
    private final StoredBytes stored;
    private InputStream in;

    LazyStream(FileRange range, StoredBytes stored) {
      this.range = range;
      this.stored = stored;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (in == null) {
        in =
            Channels.newInputStream(
                range.length() == FileRange.WHOLE
                    ? Compression.detect(range.file()).readDecompressed(stored)
                    : stored);
      }
      return in.read(into, offset, length);
    }
  }
}
