package dev.crossfade.io.json;

import dev.crossfade.transforms.graph.DeadLetter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Describes each dead letter as JSON, by its origin. Works on bounded and unbounded input; each
 * comes out when it comes in, and the same letter always gives the same text.
 */
public final class DescribeDeadLetters
    extends PTransform<PCollection<DeadLetter>, PCollection<KV<String, String>>> {
  private static final long serialVersionUID = 1L;

  private final String flow;
  private final String lane;
  private final long run;

  private DescribeDeadLetters(String flow, String lane, long run) {
    this.flow = flow;
    this.lane = lane;
    this.run = run;
  }

  /** Describes the dead letters of a run of a flow's lane. */
  public static DescribeDeadLetters of(String flow, String lane, long run) {
    return new DescribeDeadLetters(flow, lane, run);
  }

  @Override
  public PCollection<KV<String, String>> expand(PCollection<DeadLetter> letters) {
    return letters.apply("ToJson", ParDo.of(new DescribeFn(flow, lane, run)));
  }

  private static final class DescribeFn extends DoFn<DeadLetter, KV<String, String>> {
    private static final long serialVersionUID = 1L;

    private final String flow;
    private final String lane;
    private final long run;

    DescribeFn(String flow, String lane, long run) {
      this.flow = flow;
      this.lane = lane;
      this.run = run;
    }

    @ProcessElement
    public void process(@Element DeadLetter letter, OutputReceiver<KV<String, String>> out) {
      out.output(KV.of(letter.origin().toString(), JsonRecords.of(letter, flow, lane, run)));
    }
  }
}
