package dev.crossfade.launcher.rehearsal;

import dev.crossfade.io.kafka.KafkaTopic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes the topic of a rehearsal anew. */
final class Topics {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private Topics() {}

  /** Deletes the topic if it is there, and creates it with as many partitions as asked for. */
  static void recreate(KafkaTopic topic, int partitions)
      throws ExecutionException, InterruptedException, TimeoutException {
    try (Admin admin = Admin.create(topic.clientProperties(Map.of()))) {
      if (admin.listTopics().names().get().contains(topic.name())) {
        admin.deleteTopics(List.of(topic.name())).all().get();
      }
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      // The broker says that a topic is deleted before a new one of its name can be made, and that
      // one
      // is made before it lists it.
      boolean created = created(admin, topic, partitions);
      while (!created || !admin.listTopics().names().get().contains(topic.name())) {
        if (System.nanoTime() > deadline) {
          throw new TimeoutException("the topic " + topic + " is not made anew within " + PATIENCE);
        }
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        created = created || created(admin, topic, partitions);
      }
    }
  }

  private static boolean created(Admin admin, KafkaTopic topic, int partitions)
      throws ExecutionException, InterruptedException {
    try {
      admin.createTopics(List.of(new NewTopic(topic.name(), partitions, (short) 1))).all().get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false;
      }
      throw e;
    }
  }
}
