package dev.crossfade.io.kafka;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * How large a record's value may be so that the producer takes it, and the topic: less than what
 * either of them allows, since a record is more than its value and compression may add to it.
 */
final class LargestRecord {
  /** What Kafka allows where nobody says otherwise. */
  private static final int USUAL_BYTES = 1 << 20;

  private LargestRecord() {}

  /**
   * The number of bytes. A topic that may be written to but not described is taken to be a usual
   * one. Brokers that are away are waited for as by the producer.
   */
  static int bytesOf(KafkaTopic topic) {
    Properties producer = ProducerFn.properties(topic);
    long allowed = USUAL_BYTES;
    String asked = producer.getProperty("max.request.size");
    if (asked != null) {
      allowed = Long.parseLong(asked);
    }
    String buffer = producer.getProperty("buffer.memory");
    if (buffer != null) {
      allowed = Math.min(allowed, Long.parseLong(buffer));
    }
    allowed = Math.min(allowed, ofTopic(topic, producer.getProperty("max.block.ms")));
    return Math.toIntExact(allowed / 4 * 3);
  }

  private static long ofTopic(KafkaTopic topic, String patience) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    int millis = (int) Math.min(Integer.MAX_VALUE, Long.parseLong(patience));
    try (Admin admin = Admin.create(topic.clientProperties(Map.of()))) {
      ConfigEntry entry =
          admin
              .describeConfigs(List.of(resource), new DescribeConfigsOptions().timeoutMs(millis))
              .values()
              .get(resource)
              .get()
              .get("max.message.bytes");
      return entry == null ? USUAL_BYTES : Long.parseLong(entry.value());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException
          || e.getCause() instanceof UnsupportedVersionException) {
        return USUAL_BYTES;
      }
      throw new IllegalStateException("cannot ask what " + topic + " takes", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking what " + topic + " takes", e);
    }
  }
}
