package dev.crossfade.io.files;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PDone;
import org.joda.time.Duration;

/**
 * Writes lines into files, one per address: of several lines with one address, the one with the
 * greatest version. The lines of a file are in the order of their addresses.
 *
 * <p>Bounded input, or unbounded input that ends: the files are written when there is no more
 * input; a file without lines is written too, and replaces one that has some. They are written
 * under names that end in {@code .part}; whoever runs the pipeline puts them in place when it has
 * succeeded (see {@link FinishedFiles}), so nobody ever sees half of an output. Writing again gives
 * the same files.
 */
final class WriteLines extends PTransform<PCollection<KV<String, KV<Long, String>>>, PDone> {
  private static final long serialVersionUID = 1L;

  /** Stands for no line; a shard has it so that its file is written, whatever else it has. */
  private static final String NO_ADDRESS = "";

  private final String prefix;
  private final int shards;

  private WriteLines(String prefix, int shards) {
    this.prefix = prefix;
    this.shards = shards;
  }

  /**
   * Writes lines, given as address, version and line.
   *
   * @param prefix the path and the first part of the files' names
   * @param shards how many files
   */
  static WriteLines to(String prefix, int shards) {
    return new WriteLines(prefix, shards);
  }

  /** The name of the file that holds a shard. */
  static String file(String prefix, int shard, int shards) {
    return String.format(Locale.ROOT, "%s-%05d-of-%05d.jsonl", prefix, shard, shards);
  }

  @Override
  public PDone expand(PCollection<KV<String, KV<Long, String>>> lines) {
    KvCoder<String, KV<Long, String>> coder =
        KvCoder.of(StringUtf8Coder.of(), KvCoder.of(VarLongCoder.of(), StringUtf8Coder.of()));
    Window<KV<Integer, KV<String, KV<Long, String>>>> atTheEnd =
        Window.<KV<Integer, KV<String, KV<Long, String>>>>into(new GlobalWindows())
            // The input's lateness stays, and with it Beam takes only a trigger that does not
            // finish;
            // the end of time comes once.
            .triggering(Repeatedly.forever(AfterWatermark.pastEndOfWindow()))
            .withAllowedLateness(Duration.ZERO)
            .accumulatingFiredPanes();
    List<KV<Integer, KV<String, KV<Long, String>>>> none = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      none.add(KV.of(shard, KV.of(NO_ADDRESS, KV.of(Long.MIN_VALUE, ""))));
    }
    PCollectionList.of(
            lines
                .apply("ByShard", ParDo.of(new ShardFn(shards)))
                .setCoder(KvCoder.of(VarIntCoder.of(), coder))
                .apply("AtTheEnd", atTheEnd))
        .and(
            lines
                .getPipeline()
                .begin()
                .apply("EveryShard", Create.of(none).withCoder(KvCoder.of(VarIntCoder.of(), coder)))
                .apply("EveryShardAtTheEnd", atTheEnd))
        .apply("LinesAndShards", Flatten.pCollections())
        .apply(GroupByKey.create())
        .apply("WriteFile", ParDo.of(new WriteFileFn(prefix, shards)));
    return PDone.in(lines.getPipeline());
  }

  private static final class ShardFn
      extends DoFn<KV<String, KV<Long, String>>, KV<Integer, KV<String, KV<Long, String>>>> {
    private static final long serialVersionUID = 1L;

    private final int shards;

    ShardFn(int shards) {
      this.shards = shards;
    }

    @ProcessElement
    public void process(
        @Element KV<String, KV<Long, String>> line,
        OutputReceiver<KV<Integer, KV<String, KV<Long, String>>>> out) {
      out.output(KV.of(Math.floorMod(line.getKey().hashCode(), shards), line));
    }
  }

  private static final class WriteFileFn
      extends DoFn<KV<Integer, Iterable<KV<String, KV<Long, String>>>>, Void> {
    private static final long serialVersionUID = 1L;

    private final String prefix;
    private final int shards;

    WriteFileFn(String prefix, int shards) {
      this.prefix = prefix;
      this.shards = shards;
    }

    @ProcessElement
    public void process(@Element KV<Integer, Iterable<KV<String, KV<Long, String>>>> shard)
        throws IOException {
      Map<String, KV<Long, String>> newest = new TreeMap<>();
      for (KV<String, KV<Long, String>> line : shard.getValue()) {
        newest.merge(
            line.getKey(),
            line.getValue(),
            (old, next) -> next.getKey() > old.getKey() ? next : old);
      }
      newest.remove(NO_ADDRESS);
      String name = file(prefix, shard.getKey(), shards) + FinishedFiles.PART;
      try (Writer out =
          new OutputStreamWriter(
              Channels.newOutputStream(
                  FileSystems.create(FileSystems.matchNewResource(name, false), "text/plain")),
              StandardCharsets.UTF_8)) {
        for (KV<Long, String> line : newest.values()) {
          out.write(line.getValue());
          out.write('\n');
        }
      }
    }
  }
}
