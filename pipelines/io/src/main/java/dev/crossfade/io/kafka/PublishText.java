package dev.crossfade.io.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Publishes texts by key, such as dead letters by their origin. Works on bounded and unbounded
 * input; a text may be published more than once, under the same key.
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

    private final KafkaTopic topic;

    PublishFn(KafkaTopic topic) {
      super(topic);
      this.topic = topic;
    }

    @ProcessElement
    public void process(@Element KV<String, String> text) {
      send(
          new ProducerRecord<>(
              topic.name(),
              text.getKey().getBytes(StandardCharsets.UTF_8),
              text.getValue().getBytes(StandardCharsets.UTF_8)));
    }

    @FinishBundle
    public void finishBundle() {
      awaitAcknowledgements();
    }
  }
}
