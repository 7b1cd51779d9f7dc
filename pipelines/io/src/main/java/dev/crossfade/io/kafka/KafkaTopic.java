package dev.crossfade.io.kafka;

import dev.crossfade.io.credentials.Credentials;
import dev.crossfade.io.credentials.Withheld;
import java.io.Serializable;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;

/**
 * A topic and how to reach it. It can be serialized, and then holds no property but those that are
 * known to be harmless.
 *
 * @param bootstrapServers the brokers to ask first, as {@code host:port,…}
 * @param name the topic's name
 * @param harmless properties of the clients that are known to hold no credentials
 * @param withheld all other properties, such as those of security
 */
public record KafkaTopic(
    String bootstrapServers, String name, Map<String, String> harmless, Withheld withheld)
    implements Serializable {
  /** Where the properties are in the settings of a source or sink. */
  private static final String PROPERTIES = "properties.";

  /** Copies the properties. */
  public KafkaTopic {
    harmless = Map.copyOf(harmless);
    for (String property : harmless.keySet()) {
      if (!HarmlessProperties.contains(property)) {
        throw new IllegalArgumentException(property + " is not known to be harmless");
      }
    }
  }

  /**
   * A topic for this process alone, such as for a check before a run: it cannot be serialized,
   * unless all properties are known to be harmless.
   *
   * @param properties more properties of the clients
   */
  public KafkaTopic(String bootstrapServers, String name, Map<String, String> properties) {
    this(bootstrapServers, name, harmless(properties), Withheld.inHand(others(properties)));
  }

  /** A topic that is reached without more properties. */
  public static KafkaTopic of(String bootstrapServers, String name) {
    return new KafkaTopic(bootstrapServers, name, Map.of());
  }

  /**
   * A topic of a run's graph.
   *
   * @param credentials those of the run
   * @param connection where the topic is in the settings, such as {@code sources.stream}
   * @param properties more properties of the clients
   */
  public static KafkaTopic of(
      Credentials credentials,
      String connection,
      String bootstrapServers,
      String name,
      Map<String, String> properties) {
    return new KafkaTopic(
        bootstrapServers,
        name,
        harmless(properties),
        credentials.withhold(connection, others(properties)));
  }

  /** The topic of another name at the same brokers. */
  public KafkaTopic named(String other) {
    return new KafkaTopic(bootstrapServers, other, harmless, withheld);
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
    all.putAll(harmless);
    withheld
        .values()
        .forEach((property, value) -> all.put(property.substring(PROPERTIES.length()), value));
    all.put("bootstrap.servers", bootstrapServers);
    all.putAll(own);
    Properties client = new Properties();
    client.putAll(all);
    return client;
  }

  private static Map<String, String> harmless(Map<String, String> properties) {
    Map<String, String> harmless = new TreeMap<>(properties);
    harmless.keySet().removeIf(property -> !HarmlessProperties.contains(property));
    return harmless;
  }

  private static Map<String, String> others(Map<String, String> properties) {
    Map<String, String> others = new TreeMap<>();
    properties.forEach(
        (property, value) -> {
          if (!HarmlessProperties.contains(property)) {
            others.put(PROPERTIES + property, value);
          }
        });
    return others;
  }

  /** The topic and its brokers. */
  @Override
  public String toString() {
    return name + " at " + bootstrapServers;
  }
}
