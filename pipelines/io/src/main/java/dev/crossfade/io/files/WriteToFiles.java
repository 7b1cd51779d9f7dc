package dev.crossfade.io.files;

import dev.crossfade.io.json.DescribeByOrigin;
import dev.crossfade.io.json.JsonRecords;
import dev.crossfade.transforms.graph.FlowOutputs;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.ResultTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Writes what comes out of a run of a lane as JSON lines: the newest result of each address into
 * {@code results-*.jsonl}, dead letters and late records into files of their own. They are in place
 * when the run has succeeded and {@link FinishedFiles#putInPlace} was called with {@link #prefix}
 * and {@link #files}; see {@link WriteLines}. Input that does not end is never written.
 */
public final class WriteToFiles extends PTransform<FlowOutputs, PDone> {
  private static final long serialVersionUID = 1L;

  /** What the names of files of results begin with. */
  static final String RESULTS = "results";

  private static final String DEAD_LETTERS = "dead-letters";
  private static final String LATE_RECORDS = "late-records";

  private final String directory;
  private final ResultTable table;
  private final String lane;
  private final long run;
  private final String logic;
  private final int shards;

  private WriteToFiles(
      String directory, ResultTable table, String lane, long run, String logic, int shards) {
    this.directory = directory;
    this.table = table;
    this.lane = lane;
    this.run = run;
    this.logic = logic;
    this.shards = shards;
  }

  /** Writes the outputs of a run of a lane, the results into as many files as there are shards. */
  public static WriteToFiles of(
      String directory, ResultTable table, String lane, long run, String logic, int shards) {
    return new WriteToFiles(directory, table, lane, run, logic, shards);
  }

  /** What the paths of all files of a flow's lane begin with. */
  public static String prefix(String directory, String flow, String lane) {
    return directory + (directory.endsWith("/") ? "" : "/") + flow + "/" + lane + "/";
  }

  /** The names of all files that a run writes, whether it has anything to write or not. */
  public static List<String> files(int shards) {
    List<String> names = new ArrayList<>();
    names.add(WriteLines.file(DEAD_LETTERS, 0, 1));
    names.add(WriteLines.file(LATE_RECORDS, 0, 1));
    for (int shard = 0; shard < shards; shard++) {
      names.add(WriteLines.file(RESULTS, shard, shards));
    }
    return names;
  }

  @Override
  public PDone expand(FlowOutputs outputs) {
    String prefix = prefix(directory, table.flow(), lane);
    outputs
        .deadLetters()
        .apply("DescribeDeadLetters", DescribeByOrigin.deadLetters(table.flow(), lane, run, logic))
        .apply("DeadLettersAsLines", asLines())
        .apply("WriteDeadLetters", WriteLines.to(prefix + DEAD_LETTERS, 1));
    outputs
        .lateRecords()
        .apply("DescribeLateRecords", DescribeByOrigin.lateRecords(table.flow(), lane, run))
        .apply("LateRecordsAsLines", asLines())
        .apply("WriteLateRecords", WriteLines.to(prefix + LATE_RECORDS, 1));
    PCollection<KV<String, KV<Long, String>>> lines =
        outputs.results().apply("ResultToLine", ParDo.of(new ResultFn(table, lane, run)));
    return lines.apply("WriteResults", WriteLines.to(prefix + RESULTS, shards));
  }

  /** Two texts of one origin are the same text, so any of them will do. */
  private static MapElements<KV<String, String>, KV<String, KV<Long, String>>> asLines() {
    return MapElements.into(
            TypeDescriptors.kvs(
                TypeDescriptors.strings(),
                TypeDescriptors.kvs(TypeDescriptors.longs(), TypeDescriptors.strings())))
        .via(text -> KV.of(text.getKey(), KV.of(0L, text.getValue())));
  }

  private static final class ResultFn extends DoFn<Result, KV<String, KV<Long, String>>> {
    private static final long serialVersionUID = 1L;

    private final ResultTable table;
    private final String lane;
    private final long run;

    ResultFn(ResultTable table, String lane, long run) {
      this.table = table;
      this.lane = lane;
      this.run = run;
    }

    @ProcessElement
    public void process(@Element Result result, OutputReceiver<KV<String, KV<Long, String>>> out) {
      out.output(
          KV.of(
              JsonRecords.addressOf(result, table, lane),
              KV.of(result.absorbed(), JsonRecords.of(result, table, lane, run))));
    }
  }
}
