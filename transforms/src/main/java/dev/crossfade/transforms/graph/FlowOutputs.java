package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.results.Result;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/**
 * What comes out of a flow. Every record that goes in is folded into results, filtered out by the
 * flow, or is in one of the other two; the counts tell how many went in, and a sink keeps them
 * beside the rest, so that anybody can see whether it adds up.
 *
 * @param results in the flow's windows; several per address, of which the newest counts
 * @param deadLetters in the global window, each as soon as its record is read
 * @param lateRecords in the global window, each as soon as it is read
 * @param originCounts by source, in the global window: the counts of all that was read so far, each
 *     time more was read; the greatest number of positions is the newest
 * @param windowCounts by the start of the window, in the flow's windows: all that was decoded so
 *     far, whenever results appear; the greatest number of events is the newest
 */
public record FlowOutputs(
    PCollection<Result> results,
    PCollection<DeadLetter> deadLetters,
    PCollection<LateRecord> lateRecords,
    PCollection<KV<String, OriginCounts>> originCounts,
    PCollection<KV<Long, WindowCounts>> windowCounts)
    implements POutput, PInput {
  static final TupleTag<Result> RESULTS = new TupleTag<>("results");
  static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters");
  static final TupleTag<LateRecord> LATE_RECORDS = new TupleTag<>("lateRecords");
  static final TupleTag<KV<String, OriginCounts>> ORIGIN_COUNTS = new TupleTag<>("originCounts");
  static final TupleTag<KV<Long, WindowCounts>> WINDOW_COUNTS = new TupleTag<>("windowCounts");

  @Override
  public Pipeline getPipeline() {
    return results.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(
        RESULTS,
        results,
        DEAD_LETTERS,
        deadLetters,
        LATE_RECORDS,
        lateRecords,
        ORIGIN_COUNTS,
        originCounts,
        WINDOW_COUNTS,
        windowCounts);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {
    // The collections were finished where they were made.
  }
}
