package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.results.Result;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/**
 * What comes out of a flow. Every record that goes in is folded into results, or is in one of the
 * other two. A sink takes all three.
 *
 * @param results in the flow's windows; several per address, of which the newest counts
 * @param deadLetters in the global window, each as soon as its record is read
 * @param lateRecords in the global window, each as soon as it is read
 */
public record FlowOutputs(
    PCollection<Result> results,
    PCollection<DeadLetter> deadLetters,
    PCollection<LateRecord> lateRecords)
    implements POutput, PInput {
  static final TupleTag<Result> RESULTS = new TupleTag<>("results");
  static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters");
  static final TupleTag<LateRecord> LATE_RECORDS = new TupleTag<>("lateRecords");

  @Override
  public Pipeline getPipeline() {
    return results.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(RESULTS, results, DEAD_LETTERS, deadLetters, LATE_RECORDS, lateRecords);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {
    // The collections were finished where they were made.
  }
}
