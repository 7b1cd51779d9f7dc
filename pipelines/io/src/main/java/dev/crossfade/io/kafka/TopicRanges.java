package dev.crossfade.io.kafka;

import dev.crossfade.transforms.records.SourceRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * What a topic holds now, as the broker says.
 *
 * @param topicId the topic's id, which a topic of the same name that was made anew does not have
 * @param partitions the first offset of each partition and the one after its last committed record
 */
public record TopicRanges(String topicId, List<PartitionRange> partitions) {
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(20);

  /** Copies the list. */
  public TopicRanges {
    partitions = List.copyOf(partitions);
  }

  /**
   * Asks the broker.
   *
   * @throws ExecutionException if no broker answers, or there is no such topic
   */
  public static TopicRanges of(KafkaTopic topic) throws ExecutionException, InterruptedException {
    try (Admin admin = topic.admin(LONGEST_ANSWER)) {
      TopicIdentity identity = TopicIdentity.of(topic, admin);
      Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      for (int number = 0; number < identity.partitions(); number++) {
        TopicPartition partition = new TopicPartition(topic.name(), number);
        earliest.put(partition, OffsetSpec.earliest());
        latest.put(partition, OffsetSpec.latest());
      }
      Map<TopicPartition, ListOffsetsResultInfo> first = admin.listOffsets(earliest).all().get();
      Map<TopicPartition, ListOffsetsResultInfo> end =
          admin
              .listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
              .all()
              .get();
      List<PartitionRange> partitions = new ArrayList<>();
      for (int partition = 0; partition < identity.partitions(); partition++) {
        TopicPartition key = new TopicPartition(topic.name(), partition);
        partitions.add(
            new PartitionRange(partition, first.get(key).offset(), end.get(key).offset()));
      }
      return new TopicRanges(identity.id(), partitions);
    }
  }

  /** The same by the names that the records' origins have. */
  public List<SourceRange> sources(String topic) {
    return partitions.stream()
        .map(
            range ->
                new SourceRange(
                    PartitionReader.origin(topic, range.partition()),
                    topicId,
                    range.first(),
                    range.end()))
        .toList();
  }
}
