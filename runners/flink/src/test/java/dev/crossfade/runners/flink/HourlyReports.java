package dev.crossfade.runners.flink;

import dev.crossfade.io.kafka.TopicEnd;
import dev.crossfade.launcher.testing.OpenSandbox;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A topic of made-up flights: one for each hour of a day and airport, and a partition for each
 * airport.
 */
final class HourlyReports {
  static final List<String> AIRPORTS = List.of("ATL", "BOS", "ORD");
  static final int HOURS = 24;

  private final String topic;

  private HourlyReports(String topic) {
    this.topic = topic;
  }

  /** Makes the topic. */
  static HourlyReports in(String topic, int partitions)
      throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(OpenSandbox.kafkaClient())) {
      admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    }
    return new HourlyReports(topic);
  }

  /**
   * Publishes the reports of some hours. The airports of an hour come before the next hour, so that
   * no partition is ever so far ahead of another that the other could be taken for idle and its
   * reports for late.
   */
  void publish(int fromHour, int toHour, int airports)
      throws ExecutionException, InterruptedException {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            OpenSandbox.kafkaClient(), new StringSerializer(), new StringSerializer())) {
      for (int hour = fromHour; hour < toHour; hour++) {
        for (int partition = 0; partition < airports; partition++) {
          String report =
              String.format(
                  "{\"flight_id\":%d,\"departure\":\"2001-01-03T%02d:30\",\"origin\":\"%s\","
                      + "\"destination\":\"LAX\",\"distance_miles\":100,\"delay_minutes\":0}",
                  100 * hour + partition, hour, AIRPORTS.get(partition));
          producer.send(new ProducerRecord<>(topic, partition, null, report)).get();
        }
      }
    }
  }

  /** Declares that nothing comes any more. */
  void end() throws ExecutionException, InterruptedException {
    TopicEnd.declare(OpenSandbox.kafkaClient(), topic);
  }

  /** Gives the topic more partitions. */
  void grow(int partitions) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(OpenSandbox.kafkaClient())) {
      admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all().get();
    }
  }

  /** Deletes the topic. */
  void delete() throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(OpenSandbox.kafkaClient())) {
      admin.deleteTopics(List.of(topic)).all().get();
    }
  }
}
