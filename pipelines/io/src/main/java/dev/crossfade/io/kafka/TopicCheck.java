package dev.crossfade.io.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/** Looks whether brokers answer and topics are there. */
public final class TopicCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private TopicCheck() {}

  /**
   * Says what is wrong.
   *
   * @param topic how to reach the brokers
   * @param names the topics that should be there
   * @return a message for people, or nothing if all is well
   */
  public static Optional<String> whatIsWrong(KafkaTopic topic, List<String> names) {
    try (Admin admin = topic.admin(PATIENCE)) {
      Set<String> there = admin.listTopics().names().get();
      Set<String> missing = new TreeSet<>(names);
      missing.removeAll(there);
      if (missing.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          "there is no topic "
              + String.join(", ", missing)
              + " at "
              + topic.bootstrapServers()
              + "; Crossfade creates none. There are "
              + new TreeSet<>(there));
    } catch (ExecutionException e) {
      String why =
          e.getCause() instanceof TimeoutException
              ? "no broker answers within " + PATIENCE.toSeconds() + " s"
              : e.getCause().getMessage();
      return Optional.of("Kafka at " + topic.bootstrapServers() + ": " + why);
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Optional.of("Kafka at " + topic.bootstrapServers() + ": " + cause.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted while asking " + topic.bootstrapServers());
    }
  }
}
