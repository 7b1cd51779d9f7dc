package dev.crossfade.io.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The declared end of a topic: a record without a value in each partition, marked by a header. It
 * is part of the log, so every reader finds the end at the same place.
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
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (PartitionInfo partition : producer.partitionsFor(topic)) {
        ProducerRecord<byte[], byte[]> end =
            new ProducerRecord<>(topic, partition.partition(), null, null);
        end.headers().add(HEADER, new byte[0]);
        sent.add(producer.send(end));
      }
      for (Future<RecordMetadata> partition : sent) {
        partition.get();
      }
    }
  }

  static boolean isDeclaredBy(Headers headers) {
    return headers.lastHeader(HEADER) != null;
  }
}
