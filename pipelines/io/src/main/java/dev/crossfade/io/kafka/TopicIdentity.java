package dev.crossfade.io.kafka;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * What a topic is known by. Offsets mean nothing in another topic, though it have the same name.
 *
 * @param id the id that the broker gave it
 * @param partitions how many it has
 */
record TopicIdentity(String id, int partitions) implements Serializable {
  /**
   * Asks the broker.
   *
   * @param longest how long an answer is waited for
   * @throws KafkaException if there is none, or no such topic
   */
  static TopicIdentity of(KafkaTopic topic, Duration longest) {
    Admin admin = topic.admin(longest);
    try {
      return of(topic, admin);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } finally {
      admin.close(Duration.ZERO);
    }
  }

  /** Asks by a client that is there already. */
  static TopicIdentity of(KafkaTopic topic, Admin admin)
      throws ExecutionException, InterruptedException {
    TopicDescription described =
        admin.describeTopics(List.of(topic.name())).allTopicNames().get().get(topic.name());
    return new TopicIdentity(described.topicId().toString(), described.partitions().size());
  }

  /** Fails if the topic is another one now. */
  void requireSame(KafkaTopic topic, TopicIdentity now) throws IOException {
    if (!id.equals(now.id)) {
      throw new IOException(
          "the topic " + topic + " was deleted and made anew since the run began; run anew");
    }
    // A topic loses no partition; a broker that knows of fewer has yet to hear of the others.
    if (now.partitions > partitions) {
      throw new IOException(
          "the topic "
              + topic
              + " has "
              + now.partitions
              + " partitions and had "
              + partitions
              + " when the run began; run anew");
    }
  }
}
