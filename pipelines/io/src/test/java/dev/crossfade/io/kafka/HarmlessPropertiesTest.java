package dev.crossfade.io.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.junit.jupiter.api.Test;

/** What Kafka itself says of its properties. */
class HarmlessPropertiesTest {
  private static final Map<String, ConfigKey> KNOWN = known();

  @Test
  void noneIsOneThatKafkaHidesOrDoesNotKnow() {
    Set<String> wrong = new TreeSet<>(HarmlessProperties.names());
    wrong.removeIf(
        name -> KNOWN.containsKey(name) && KNOWN.get(name).type != ConfigDef.Type.PASSWORD);
    assertThat(wrong, is(empty()));
  }

  /** A newer Kafka with a property of which nobody has thought yet fails here. */
  @Test
  void whatIsLeftOutIsLeftOutOnPurpose() {
    Set<String> out = new TreeSet<>(KNOWN.keySet());
    out.removeAll(HarmlessProperties.names());
    out.removeIf(name -> name.startsWith("internal."));
    assertThat(
        out,
        is(
            new TreeSet<>(
                Set.of(
                    "sasl.jaas.config",
                    "ssl.key.password",
                    "ssl.keystore.certificate.chain",
                    "ssl.keystore.key",
                    "ssl.keystore.password",
                    "ssl.truststore.certificates",
                    "ssl.truststore.password",
                    // Commands and addresses, which can carry them.
                    "sasl.kerberos.kinit.cmd",
                    "sasl.oauthbearer.jwks.endpoint.url",
                    "sasl.oauthbearer.token.endpoint.url"))));
  }

  private static Map<String, ConfigKey> known() {
    Map<String, ConfigKey> keys = new HashMap<>(AdminClientConfig.configDef().configKeys());
    keys.putAll(ConsumerConfig.configDef().configKeys());
    keys.putAll(ProducerConfig.configDef().configKeys());
    return keys;
  }
}
