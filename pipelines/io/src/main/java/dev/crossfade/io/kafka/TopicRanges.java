package dev.crossfade.io.kafka;

import dev.crossfade.transforms.records.SourceRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * What a topic holds now, as the broker says.
 *
 * @param topicId the topic's id, which a topic of the same name that was made anew does not have
 * @param partitions the first offset of each partition and the one after its last committed record
 */
public record TopicRanges(String topicId, List<PartitionRange> partitions) {
  private static final int MILLIS = 20_000;

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
    Map<String, Object> own =
        Map.of("request.timeout.ms", MILLIS, "default.api.timeout.ms", MILLIS);
    try (Admin admin = Admin.create(topic.clientProperties(own))) {
      TopicDescription described =
          admin.describeTopics(List.of(topic.name())).allTopicNames().get().get(topic.name());
      Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      described
          .partitions()
          .forEach(
              info -> {
                TopicPartition partition = new TopicPartition(topic.name(), info.partition());
                earliest.put(partition, OffsetSpec.earliest());
                latest.put(partition, OffsetSpec.latest());
              });
      Map<TopicPartition, ListOffsetsResultInfo> first = admin.listOffsets(earliest).all().get();
      Map<TopicPartition, ListOffsetsResultInfo> end =
          admin
              .listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
              .all()
              .get();
      List<PartitionRange> partitions = new ArrayList<>();
      for (int partition = 0; partition < described.partitions().size(); partition++) {
        TopicPartition key = new TopicPartition(topic.name(), partition);
        partitions.add(
            new PartitionRange(partition, first.get(key).offset(), end.get(key).offset()));
      }
      return new TopicRanges(described.topicId().toString(), partitions);
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
