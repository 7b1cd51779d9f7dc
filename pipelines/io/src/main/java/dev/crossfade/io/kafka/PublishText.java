package dev.crossfade.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.crossfade.io.json.JsonParts;
import java.util.List;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Publishes dead letters or late records in JSON by their origin. Works on bounded and unbounded
 * input; what is published again has the same keys.
 *
 * <p>One that is larger than the topic takes is published in {@link JsonParts}, one after the other
 * in the partition of the first, so that bad input does not stop a pipeline by its size. The first
 * part has the origin as its key, like one that is whole, and a later one the origin, {@code #} and
 * its number: in a compacted topic parts of one key would replace each other. No origin ends like
 * this. Parts that belong together have the same origin and run; who sees fewer than there should
 * be waits, since the bundle that did not come to its end is published again.
 */
final class PublishText extends PTransform<PCollection<KV<String, String>>, PDone> {
  private static final long serialVersionUID = 1L;

  private final KafkaTopic topic;

  private PublishText(KafkaTopic topic) {
    this.topic = topic;
  }

  /** Publishes to a topic. */
  static PublishText to(KafkaTopic topic) {
    return new PublishText(topic);
  }

  @Override
  public PDone expand(PCollection<KV<String, String>> texts) {
    texts.apply("Publish", ParDo.of(new PublishFn(topic)));
    return PDone.in(texts.getPipeline());
  }

  private static final class PublishFn extends ProducerFn<KV<String, String>, Void> {
    private static final long serialVersionUID = 1L;

    private static final int UNKNOWN = 0;

    private final KafkaTopic topic;
    private transient int mostBytes;

    PublishFn(KafkaTopic topic) {
      super(topic);
      this.topic = topic;
    }

    @ProcessElement
    public void process(@Element KV<String, String> text) {
      if (mostBytes == UNKNOWN) {
        mostBytes = LargestRecord.bytesOf(topic);
      }
      String origin = text.getKey();
      List<String> parts = JsonParts.of(text.getValue(), mostBytes);
      ProducerRecord<byte[], byte[]> first =
          new ProducerRecord<>(topic.name(), origin.getBytes(UTF_8), parts.get(0).getBytes(UTF_8));
      if (parts.size() == 1) {
        send(first);
        return;
      }
      int partition = partitionOf(first);
      for (int number = 2; number <= parts.size(); number++) {
        send(
            new ProducerRecord<>(
                topic.name(),
                partition,
                (origin + "#" + number).getBytes(UTF_8),
                parts.get(number - 1).getBytes(UTF_8)));
      }
    }

    @FinishBundle
    public void finishBundle() {
      awaitAcknowledgements();
    }
  }
}
