package dev.crossfade.io.kafka;

import java.io.Serializable;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;

/**
 * A topic and how to reach it.
 *
 * @param bootstrapServers the brokers to ask first, as {@code host:port,…}
 * @param name the topic's name
 * @param properties more properties of the clients, such as those of security; they may hold
 *     secrets
 */
public record KafkaTopic(String bootstrapServers, String name, Map<String, String> properties)
    implements Serializable {
  /** Copies the properties. */
  public KafkaTopic {
    properties = Map.copyOf(properties);
  }

  /** A topic that is reached without more properties. */
  public static KafkaTopic of(String bootstrapServers, String name) {
    return new KafkaTopic(bootstrapServers, name, Map.of());
  }

  /** The topic of another name at the same brokers. */
  public KafkaTopic named(String other) {
    return new KafkaTopic(bootstrapServers, other, properties);
  }

  /** Asks brokers of this topic; no answer is waited for longer than this. */
  Admin admin(Duration longest) {
    int millis = Math.toIntExact(longest.toMillis());
    return Admin.create(
        clientProperties(Map.of("request.timeout.ms", millis, "default.api.timeout.ms", millis)));
  }

  /**
   * The properties of a client of this topic, with those given, which come last. They may hold
   * secrets in clear.
   */
  public Properties clientProperties(Map<String, Object> own) {
    return clientProperties(own, Map.of());
  }

  /**
   * The same.
   *
   * @param usual what holds where the settings say nothing
   */
  Properties clientProperties(Map<String, Object> own, Map<String, Object> usual) {
    Map<String, Object> all = new HashMap<>(usual);
    all.putAll(properties);
    all.put("bootstrap.servers", bootstrapServers);
    all.putAll(own);
    Properties client = new Properties();
    client.putAll(all);
    return client;
  }

  /** The topic and its brokers; the properties may hold secrets and are not shown. */
  @Override
  public String toString() {
    return name + " at " + bootstrapServers;
  }
}
