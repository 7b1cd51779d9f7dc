package dev.crossfade.launcher.settings;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.crossfade.io.kafka.HarmlessProperties;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Properties of a Kafka client. Some hold credentials, so only {@link #values()} gives them in
 * clear; of all others only those are shown that are known to be harmless.
 *
 * @param values every property in clear, in the file's order
 */
public record ClientProperties(Map<String, String> values) {
  /** Copies the properties, so that nobody can change them later. */
  public ClientProperties {
    values = Settings.ordered(values);
  }

  /** The properties with those masked that are not known to be harmless. */
  @JsonValue
  public Map<String, String> masked() {
    Map<String, String> masked = new LinkedHashMap<>();
    values.forEach((name, value) -> masked.put(name, isSecret(name) ? Secret.MASK : value));
    return masked;
  }

  /** Whether the value of a property may hold credentials. */
  static boolean isSecret(String name) {
    return !HarmlessProperties.contains(name);
  }

  @Override
  public String toString() {
    return masked().toString();
  }
}
