package dev.crossfade.io.kafka;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

/**
 * The value of a Kafka client's {@code sasl.jaas.config}. Kafka reads it when a client is made, and
 * quotes pieces of a broken one in what it says, which may be of the password.
 */
public final class JaasLine {
  /** What one looks like. */
  public static final String EXAMPLE =
      "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"…\""
          + " password=\"…\";";

  /** What is wrong, by what Kafka says of it. */
  private static final Map<String, String> REASONS =
      Map.of(
          "semi-colon", "it does not end in a semicolon",
          "control flag", "no required stands behind the class of the login module",
          "not specified for key", "an option is not written as name=\"value\"",
          "Login module not specified", "it names no login module",
          "contains no login modules", "it names no login module",
          "should be 1", "it names more than one login module",
          "not allowed", "its login module is one that Kafka does not allow");

  private JaasLine() {}

  /** What is wrong with one; empty if Kafka can read it. Nothing of it is quoted. */
  public static Optional<String> whatIsWrong(String line) {
    try {
      JaasContext unused =
          JaasContext.loadClientContext(Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(line)));
      return Optional.empty();
    } catch (RuntimeException e) {
      String said = String.valueOf(e.getMessage());
      return Optional.of(
          REASONS.entrySet().stream()
              .filter(reason -> said.contains(reason.getKey()))
              .map(Map.Entry::getValue)
              .sorted()
              .findFirst()
              .orElse("it cannot be read; a quote may be missing"));
    }
  }
}
