package dev.crossfade.io.kafka;

import dev.crossfade.io.json.DescribeByOrigin;
import dev.crossfade.transforms.graph.FlowOutputs;
import dev.crossfade.transforms.results.ResultTable;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PDone;

/**
 * Writes what comes out of a run of a lane to Kafka: results to a topic that should be compacted,
 * dead letters and late records to {@code <topic>.dead-letters} and {@code <topic>.late-records},
 * keyed by origin. The topics must be there.
 *
 * <p>Works on bounded and unbounded input; results follow {@link PublishResults}, dead letters and
 * late records {@link PublishText}. What is written again has the same key and, for a result, the
 * same version.
 */
public final class WriteToTopic extends PTransform<FlowOutputs, PDone> {
  /** What the topic of dead letters has behind the name of that of results. */
  public static final String DEAD_LETTERS = ".dead-letters";

  /** What the topic of late records has behind the name of that of results. */
  public static final String LATE_RECORDS = ".late-records";

  private static final long serialVersionUID = 1L;

  private final KafkaTopic topic;
  private final ResultTable table;
  private final String lane;
  private final long run;
  private final String logic;

  private WriteToTopic(KafkaTopic topic, ResultTable table, String lane, long run, String logic) {
    this.topic = topic;
    this.table = table;
    this.lane = lane;
    this.run = run;
    this.logic = logic;
  }

  /** Writes the outputs of a run of a lane to a topic and its two companions. */
  public static WriteToTopic of(
      KafkaTopic topic, ResultTable table, String lane, long run, String logic) {
    return new WriteToTopic(topic, table, lane, run, logic);
  }

  @Override
  public PDone expand(FlowOutputs outputs) {
    outputs
        .deadLetters()
        .apply("DescribeDeadLetters", DescribeByOrigin.deadLetters(table.flow(), lane, run, logic))
        .apply("PublishDeadLetters", PublishText.to(topic.named(topic.name() + DEAD_LETTERS)));
    outputs
        .lateRecords()
        .apply("DescribeLateRecords", DescribeByOrigin.lateRecords(table.flow(), lane, run))
        .apply("PublishLateRecords", PublishText.to(topic.named(topic.name() + LATE_RECORDS)));
    return outputs.results().apply("PublishResults", PublishResults.to(topic, table, lane, run));
  }
}
