package dev.crossfade.io.kafka;

import dev.crossfade.io.json.JsonRecords;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.ResultTable;
import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Publishes results to a compacted topic: the record's key is the result's address, its value the
 * row as JSON, and the header {@code crossfade.version} the version as {@code run:absorbed}, two
 * decimal numbers. A reader that keeps the greatest version per key has the table that {@code
 * UpsertResults} would have written, however often and in whatever order results were published.
 *
 * <p>Works on bounded and unbounded input; what a bundle publishes is acknowledged when it ends.
 *
 * <p>A result that is larger than the topic takes fails the run: without it the table would be
 * wrong and nobody would know, and half of a row is none. Who raises {@code max.message.bytes} and
 * {@code max.request.size} can run or resume again.
 */
final class PublishResults extends PTransform<PCollection<Result>, PDone> {
  /** The header that holds the version. */
  static final String VERSION_HEADER = "crossfade.version";

  private static final long serialVersionUID = 1L;

  private final KafkaTopic topic;
  private final ResultTable table;
  private final String lane;
  private final long run;

  private PublishResults(KafkaTopic topic, ResultTable table, String lane, long run) {
    this.topic = topic;
    this.table = table;
    this.lane = lane;
    this.run = run;
  }

  /** Publishes the results of a run of a lane. */
  static PublishResults to(KafkaTopic topic, ResultTable table, String lane, long run) {
    return new PublishResults(topic, table, lane, run);
  }

  @Override
  public PDone expand(PCollection<Result> results) {
    results.apply("Publish", ParDo.of(new PublishFn(topic, table, lane, run)));
    return PDone.in(results.getPipeline());
  }

  private static final class PublishFn extends ProducerFn<Result, Void> {
    private static final long serialVersionUID = 1L;

    private final KafkaTopic topic;
    private final ResultTable table;
    private final String lane;
    private final long run;

    PublishFn(KafkaTopic topic, ResultTable table, String lane, long run) {
      super(topic);
      this.topic = topic;
      this.table = table;
      this.lane = lane;
      this.run = run;
    }

    @ProcessElement
    public void process(@Element Result result) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(
              topic.name(),
              JsonRecords.addressOf(result, table, lane).getBytes(StandardCharsets.UTF_8),
              JsonRecords.of(result, table, lane, run).getBytes(StandardCharsets.UTF_8));
      record
          .headers()
          .add(VERSION_HEADER, (run + ":" + result.absorbed()).getBytes(StandardCharsets.US_ASCII));
      send(record);
    }

    @FinishBundle
    public void finishBundle() {
      awaitAcknowledgements();
    }
  }
}
