package dev.crossfade.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.crossfade.io.Servers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupListing;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Topics of the tests' broker, each with a name of its own. */
final class Topics {
  private static final AtomicInteger NEXT = new AtomicInteger();

  private Topics() {}

  static KafkaTopic create(int partitions) throws Exception {
    return create("t" + NEXT.incrementAndGet(), partitions);
  }

  static KafkaTopic create(String name, int partitions) throws Exception {
    return create(name, partitions, Map.of());
  }

  static KafkaTopic create(String name, int partitions, Map<String, String> settings)
      throws Exception {
    NewTopic topic =
        new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(settings);
    try (Admin admin = admin()) {
      admin.createTopics(List.of(topic)).all().get();
    }
    return Servers.topic(name);
  }

  /** Appends values to a partition and waits until they are there; null is a tombstone. */
  static void append(KafkaTopic topic, int partition, List<String> values) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      send(producer, topic, partition, values);
    }
  }

  /** Appends a record with a key. */
  static void append(KafkaTopic topic, int partition, String key, String value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      RecordMetadata unused =
          producer
              .send(
                  new ProducerRecord<>(
                      topic.name(),
                      partition,
                      key.getBytes(StandardCharsets.UTF_8),
                      value.getBytes(StandardCharsets.UTF_8)))
              .get();
    }
  }

  /** Appends values in a transaction that is taken back. */
  static void appendAndAbort(KafkaTopic topic, int partition, List<String> values)
      throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        producer(Map.of("transactional.id", topic.name()))) {
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, topic, partition, values);
      producer.abortTransaction();
    }
  }

  /** Deletes a topic and waits until the broker has forgotten it. */
  static void delete(KafkaTopic topic) throws Exception {
    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(topic.name())).all().get();
      await().until(() -> !admin.listTopics().names().get().contains(topic.name()));
    }
  }

  /** The groups that have committed anything. */
  static List<String> groups() throws Exception {
    try (Admin admin = admin()) {
      return admin.listConsumerGroups().all().get().stream()
          .map(ConsumerGroupListing::groupId)
          .toList();
    }
  }

  static void addPartitions(KafkaTopic topic, int count) throws Exception {
    try (Admin admin = admin()) {
      admin.createPartitions(Map.of(topic.name(), NewPartitions.increaseTo(count))).all().get();
    }
  }

  static void deleteBefore(KafkaTopic topic, int partition, long offset) throws Exception {
    try (Admin admin = admin()) {
      admin
          .deleteRecords(
              Map.of(
                  new TopicPartition(topic.name(), partition),
                  RecordsToDelete.beforeOffset(offset)))
          .all()
          .get();
    }
  }

  /** All that is in a topic. */
  static List<ConsumerRecord<String, String>> read(KafkaTopic topic) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            topic.clientProperties(Map.of()), new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, KafkaTopic topic, int partition, List<String> values)
      throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (String value : values) {
      sent.add(producer.send(record(topic, partition, value)));
    }
    producer.flush();
    for (Future<RecordMetadata> each : sent) {
      each.get();
    }
  }

  private static ProducerRecord<byte[], byte[]> record(
      KafkaTopic topic, int partition, String value) {
    return new ProducerRecord<>(
        topic.name(), partition, null, value == null ? null : value.getBytes(UTF_8));
  }

  private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(Servers.kafkaClient());
    all.putAll(more);
    all.put("acks", "all");
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static Admin admin() {
    return Admin.create(Servers.kafkaClient());
  }
}
