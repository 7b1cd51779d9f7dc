package dev.crossfade.io.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends records and waits at the end of a bundle until the brokers have them. */
abstract class ProducerFn<InT, OutT> extends DoFn<InT, OutT> {
  private static final long serialVersionUID = 1L;

  private final KafkaTopic topic;
  private transient KafkaProducer<byte[], byte[]> producer;
  private transient List<Future<RecordMetadata>> sent;

  ProducerFn(KafkaTopic topic) {
    this.topic = topic;
  }

  @Setup
  public void setup() {
    Map<String, Object> own =
        Map.of("acks", "all", "enable.idempotence", "true", "compression.type", "lz4");
    producer =
        new KafkaProducer<>(
            topic.clientProperties(own), new ByteArraySerializer(), new ByteArraySerializer());
    sent = new ArrayList<>();
  }

  final void send(ProducerRecord<byte[], byte[]> record) {
    sent.add(producer.send(record));
  }

  final void awaitAcknowledgements() {
    producer.flush();
    try {
      for (Future<RecordMetadata> record : sent) {
        record.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot write to " + topic, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while writing to " + topic, e);
    } finally {
      sent.clear();
    }
  }

  @Teardown
  public void teardown() {
    if (producer != null) {
      producer.close(Duration.ofSeconds(5));
      producer = null;
    }
  }
}
