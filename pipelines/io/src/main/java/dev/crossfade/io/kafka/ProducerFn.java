package dev.crossfade.io.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends records and waits at the end of a bundle until the brokers have them. Brokers that are away
 * are waited for, which holds up the bundle and with it whatever comes after.
 */
abstract class ProducerFn<InT, OutT> extends DoFn<InT, OutT> {
  private static final long serialVersionUID = 1L;

  /** How long a broker may be away before the bundle fails. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final KafkaTopic topic;
  private transient KafkaProducer<byte[], byte[]> producer;
  private transient List<Future<RecordMetadata>> sent;

  ProducerFn(KafkaTopic topic) {
    this.topic = topic;
  }

  @Setup
  public void setup() {
    producer =
        new KafkaProducer<>(
            properties(topic), new ByteArraySerializer(), new ByteArraySerializer());
    sent = new ArrayList<>();
  }

  /** How long a broker may be away is the user's choice; that nothing is lost or doubled is not. */
  static Properties properties(KafkaTopic topic) {
    String patience = Long.toString(PATIENCE.toMillis());
    return topic.clientProperties(
        Map.of("acks", "all", "enable.idempotence", "true", "compression.type", "lz4"),
        Map.of("delivery.timeout.ms", patience, "max.block.ms", patience));
  }

  final void send(ProducerRecord<byte[], byte[]> record) {
    sent.add(producer.send(record));
  }

  /** Sends a record, waits until the brokers have it, and tells in which partition. */
  final int partitionOf(ProducerRecord<byte[], byte[]> record) {
    return await(producer.send(record)).partition();
  }

  final void awaitAcknowledgements() {
    producer.flush();
    try {
      sent.forEach(this::await);
    } finally {
      sent.clear();
    }
  }

  private RecordMetadata await(Future<RecordMetadata> record) {
    try {
      return record.get();
    } catch (ExecutionException e) {
      String why =
          e.getCause() instanceof RecordTooLargeException
              ? ": a record is larger than the topic's max.message.bytes or the producer's"
                  + " max.request.size"
              : "";
      throw new IllegalStateException("cannot write to " + topic + why, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while writing to " + topic, e);
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
