package dev.crossfade.io.json;

import dev.crossfade.transforms.graph.DeadLetter;
import dev.crossfade.transforms.graph.LateRecord;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Describes each record that no result holds, a dead letter or a late one, as JSON, by its origin.
 * Works on bounded and unbounded input; each comes out when it comes in, and the same record always
 * gives the same text, so there is no time of the clock in it.
 *
 * @param <T> the kind of record
 */
public final class DescribeByOrigin<T>
    extends PTransform<PCollection<T>, PCollection<KV<String, String>>> {
  private static final long serialVersionUID = 1L;

  private final SerializableFunction<T, KV<String, String>> description;

  private DescribeByOrigin(SerializableFunction<T, KV<String, String>> description) {
    this.description = description;
  }

  /** Describes the dead letters of a run of a flow's lane, which the logic could not process. */
  public static DescribeByOrigin<DeadLetter> deadLetters(
      String flow, String lane, long run, String logic) {
    return new DescribeByOrigin<>(
        letter ->
            KV.of(letter.origin().toString(), JsonRecords.of(letter, flow, lane, run, logic)));
  }

  /** Describes the late records of a run of a flow's lane. */
  public static DescribeByOrigin<LateRecord> lateRecords(String flow, String lane, long run) {
    return new DescribeByOrigin<>(
        record -> KV.of(record.origin().toString(), JsonRecords.of(record, flow, lane, run)));
  }

  @Override
  public PCollection<KV<String, String>> expand(PCollection<T> records) {
    return records.apply(
        "ToJson",
        MapElements.into(TypeDescriptors.kvs(TypeDescriptors.strings(), TypeDescriptors.strings()))
            .via(description));
  }
}
