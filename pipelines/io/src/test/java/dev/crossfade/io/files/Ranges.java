package dev.crossfade.io.files;

import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.RecordFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.values.OutputBuilder;
import org.joda.time.Instant;

/** Plans and reads the ranges of a file without a pipeline, thousands of times a second. */
final class Ranges {
  private Ranges() {}

  /** All records as {@code line:bytes}, or with their fault, in the order of the ranges. */
  static List<String> read(Path file, RecordFormat format, long rangeBytes) throws IOException {
    List<String> records = new ArrayList<>();
    for (Block block : blocks(file, format, rangeBytes)) {
      for (int i = 0; i < block.size(); i++) {
        records.add(
            block.origin(i)
                + ":"
                + block.copyOf(i)
                + (block.fault(i) == null ? "" : "!" + block.fault(i))
                + " under "
                + block.header());
      }
    }
    return records;
  }

  static List<FileRange> plan(Path file, RecordFormat format, long rangeBytes) throws IOException {
    return plan(FileSelection.of(file.toString()).files().get(0), format, rangeBytes);
  }

  private static List<FileRange> plan(InputFile chosen, RecordFormat format, long rangeBytes)
      throws IOException {
    Taken<FileRange> ranges = new Taken<>();
    new PlanRangesFn(format, rangeBytes).process(chosen, ranges);
    return ranges.taken;
  }

  static List<Block> blocks(Path file, RecordFormat format, long rangeBytes) throws IOException {
    return blocks(FileSelection.of(file.toString()).files().get(0), format, rangeBytes);
  }

  static List<Block> blocks(InputFile file, RecordFormat format, long rangeBytes)
      throws IOException {
    ReadRangeFn fn = new ReadRangeFn(format);
    Taken<Block> blocks = new Taken<>();
    for (FileRange range : plan(file, format, rangeBytes)) {
      fn.process(range, blocks);
    }
    return blocks.taken;
  }

  private static final class Taken<T> implements OutputReceiver<T> {
    final List<T> taken = new ArrayList<>();

    @Override
    public OutputBuilder<T> builder(T value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void output(T value) {
      taken.add(value);
    }

    @Override
    public void outputWithTimestamp(T value, Instant timestamp) {
      taken.add(value);
    }
  }
}
