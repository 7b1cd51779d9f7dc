package dev.crossfade.io.kafka;

import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.EventTimes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Finds the newest event time near the ends of a topic's partitions. */
final class NewestEventTime {
  /** How many of a partition's last records are looked at; disorder within them does not matter. */
  private static final int LAST_RECORDS = 100;

  private static final Duration POLL = Duration.ofMillis(100);
  private static final int MAX_POLLS = 50;

  private NewestEventTime() {}

  /**
   * The newest event time in the last records of all partitions but one; empty if there is none.
   */
  static OptionalLong ofOthers(
      TopicBlocks source, TopicPartition except, EventTimes.Reader timeReader) {
    try (KafkaConsumer<byte[], byte[]> consumer = source.newConsumer()) {
      List<TopicPartition> others =
          consumer.partitionsFor(except.topic()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .filter(partition -> !partition.equals(except))
              .toList();
      Map<TopicPartition, Long> first = consumer.beginningOffsets(others);
      Map<TopicPartition, Long> unread = new HashMap<>(consumer.endOffsets(others));
      unread.entrySet().removeIf(end -> end.getValue() <= first.get(end.getKey()));
      consumer.assign(unread.keySet());
      unread.forEach(
          (partition, end) ->
              consumer.seek(partition, Math.max(first.get(partition), end - LAST_RECORDS)));
      OptionalLong newest = OptionalLong.empty();
      for (int polls = 0; !unread.isEmpty() && polls < MAX_POLLS; polls++) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          byte[] value = record.value();
          long time =
              value == null
                  ? Block.UNREADABLE
                  : timeReader.readOrUnreadable("", value, 0, value.length);
          if (time != Block.UNREADABLE) {
            newest = OptionalLong.of(Math.max(time, newest.orElse(Long.MIN_VALUE)));
          }
        }
        unread.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
      }
      return newest;
    }
  }
}
