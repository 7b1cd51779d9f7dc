package dev.crossfade.io.files;

import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.BlockCoder;
import dev.crossfade.transforms.records.RecordFormat;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Reads records, one a line, from files: CSV with a header or JSON lines, plain or compressed (by
 * the name's ending), from any file system that Beam knows.
 *
 * <p>Bounded. Plain files are read in ranges, in parallel; compressed ones as a whole. Event times
 * are read where the records are decoded; the blocks themselves have the least timestamp that there
 * is. A record's origin is the file's path and its line; {@link Lines} says where one ends. Blank
 * lines are no records. What cannot be read (the rest of a damaged archive, a line that is too
 * long) becomes a record with a fault; what stood before it is read. Reading again gives the same
 * blocks.
 *
 * <p>A file that cannot be read, or that is not any more what it was when it was chosen, fails the
 * run.
 */
public final class ReadFiles extends PTransform<PBegin, PCollection<Block>> {
  private static final long serialVersionUID = 1L;

  /** Ranges of this size are read as one; it is what one worker reads before it asks for more. */
  static final long RANGE_BYTES = 16L << 20;

  private final List<InputFile> files;
  private final RecordFormat format;
  private final long rangeBytes;

  private ReadFiles(List<InputFile> files, RecordFormat format, long rangeBytes) {
    this.files = List.copyOf(files);
    this.format = format;
    this.rangeBytes = rangeBytes;
  }

  /** Reads files that {@link FileSelection} has chosen. */
  public static ReadFiles of(List<InputFile> files, RecordFormat format) {
    return new ReadFiles(files, format, RANGE_BYTES);
  }

  /** The same with ranges of another size. */
  ReadFiles withRangeBytes(long bytes) {
    return new ReadFiles(files, format, bytes);
  }

  @Override
  public PCollection<Block> expand(PBegin begin) {
    return begin
        .apply("Files", Create.of(files).withCoder(SerializableCoder.of(InputFile.class)))
        .apply("PlanRanges", ParDo.of(new PlanRangesFn(format, rangeBytes)))
        .setCoder(SerializableCoder.of(FileRange.class))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("ReadRange", ParDo.of(new ReadRangeFn(format)))
        .setCoder(BlockCoder.of());
  }
}
