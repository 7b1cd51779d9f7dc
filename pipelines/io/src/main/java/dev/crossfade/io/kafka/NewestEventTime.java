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

  private NewestEventTime() {}

  /**
   * The newest event time in the last records of all partitions but one; empty if there is none.
   * Where they cannot all be read in time, it is that of some of them.
   *
   * @param longest how long that may take
   */
  static OptionalLong ofOthers(
      TopicBlocks source, TopicPartition except, EventTimes.Reader timeReader, Duration longest) {
    long until = System.nanoTime() + longest.toNanos();
    KafkaConsumer<byte[], byte[]> consumer = source.newConsumer();
    try {
      List<TopicPartition> others =
          consumer.partitionsFor(except.topic(), left(until)).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .filter(partition -> !partition.equals(except))
              .toList();
      Map<TopicPartition, Long> first = consumer.beginningOffsets(others, left(until));
      Map<TopicPartition, Long> unread = new HashMap<>(consumer.endOffsets(others, left(until)));
      unread.entrySet().removeIf(end -> end.getValue() <= first.get(end.getKey()));
      consumer.assign(unread.keySet());
      unread.forEach(
          (partition, end) ->
              consumer.seek(partition, Math.max(first.get(partition), end - LAST_RECORDS)));
      OptionalLong newest = OptionalLong.empty();
      while (!unread.isEmpty() && !left(until).isZero()) {
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
        unread
            .entrySet()
            .removeIf(end -> consumer.position(end.getKey(), left(until)) >= end.getValue());
      }
      return newest;
    } finally {
      // Else it waits for a broker that may be away.
      consumer.close(Duration.ZERO);
    }
  }

  private static Duration left(long until) {
    return Duration.ofNanos(Math.max(0, until - System.nanoTime()));
  }
}
