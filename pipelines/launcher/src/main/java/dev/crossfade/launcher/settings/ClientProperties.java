package dev.crossfade.launcher.settings;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Properties of a Kafka client. Some hold credentials, so only {@link #values()} gives them in
 * clear.
 *
 * @param values every property in clear, in the file's order
 */
public record ClientProperties(Map<String, String> values) {
  private static final List<String> SECRET = List.of("password", "secret", "jaas", "token", "key");

  /** Copies the properties, so that nobody can change them later. */
  public ClientProperties {
    values = Settings.ordered(values);
  }

  /** The properties with those masked that may hold credentials. */
  @JsonValue
  public Map<String, String> masked() {
    Map<String, String> masked = new LinkedHashMap<>();
    values.forEach((name, value) -> masked.put(name, isSecret(name) ? Secret.MASK : value));
    return masked;
  }

  /** Whether the name of a property says that its value may hold credentials. */
  static boolean isSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return SECRET.stream().anyMatch(lower::contains);
  }

  @Override
  public String toString() {
    return masked().toString();
  }
}
