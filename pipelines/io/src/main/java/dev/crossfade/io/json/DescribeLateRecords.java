package dev.crossfade.io.json;

import dev.crossfade.transforms.graph.LateRecord;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Describes each late record as JSON, by its origin. Works on bounded and unbounded input; each
 * comes out when it comes in, and the same record always gives the same text.
 */
public final class DescribeLateRecords
    extends PTransform<PCollection<LateRecord>, PCollection<KV<String, String>>> {
  private static final long serialVersionUID = 1L;

  private final String flow;
  private final String lane;
  private final long run;

  private DescribeLateRecords(String flow, String lane, long run) {
    this.flow = flow;
    this.lane = lane;
    this.run = run;
  }

  /** Describes the late records of a run of a flow's lane. */
  public static DescribeLateRecords of(String flow, String lane, long run) {
    return new DescribeLateRecords(flow, lane, run);
  }

  @Override
  public PCollection<KV<String, String>> expand(PCollection<LateRecord> records) {
    return records.apply("ToJson", ParDo.of(new DescribeFn(flow, lane, run)));
  }

  private static final class DescribeFn extends DoFn<LateRecord, KV<String, String>> {
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
    public void process(@Element LateRecord record, OutputReceiver<KV<String, String>> out) {
      out.output(KV.of(record.origin().toString(), JsonRecords.of(record, flow, lane, run)));
    }
  }
}
