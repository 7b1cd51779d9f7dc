package dev.crossfade.io.kafka;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The declared end of a topic: a record without a value in each partition, marked by a header. It
 * is part of the log, so every reader finds the end at the same place. In a compacted topic, which
 * would forget it, it has a key and an empty value.
 */
public final class TopicEnd {
  private static final String HEADER = "crossfade.end";

  private TopicEnd() {}

  /**
   * Declares the end of a topic behind the records that are in it now.
   *
   * @throws ExecutionException if a partition did not take it
   */
  public static void declare(KafkaTopic topic) throws ExecutionException, InterruptedException {
    declare(topic.clientProperties(Map.of()), topic.name());
  }

  /**
   * The same, for a program with a producer of its own.
   *
   * @param client properties of a Kafka client, such as where the broker is
   */
  public static void declare(Properties client, String topic)
      throws ExecutionException, InterruptedException {
    Properties own = new Properties();
    own.putAll(client);
    own.put("acks", "all");
    own.put("enable.idempotence", "true");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(own, new ByteArraySerializer(), new ByteArraySerializer())) {
      try {
        send(producer, topic, null, null);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof InvalidRecordException)) {
          throw e;
        }
        // A compacted topic takes no record without a key, and forgets one without a value.
        send(producer, topic, HEADER.getBytes(StandardCharsets.UTF_8), new byte[0]);
      }
    }
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, String topic, byte[] key, byte[] value)
      throws ExecutionException, InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (PartitionInfo partition : producer.partitionsFor(topic)) {
      ProducerRecord<byte[], byte[]> end =
          new ProducerRecord<>(topic, partition.partition(), key, value);
      end.headers().add(HEADER, new byte[0]);
      sent.add(producer.send(end));
    }
    for (Future<RecordMetadata> partition : sent) {
      partition.get();
    }
  }

  static boolean isDeclaredBy(Headers headers) {
    return headers.lastHeader(HEADER) != null;
  }
}
