package dev.crossfade.sandbox;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaBrokerTest {
  @TempDir Path directory;

  @Test
  void recordsAreThereAfterStopAndStartAndAfterReopening() throws Exception {
    try (KafkaBroker kafka = KafkaBroker.open(directory, line -> {})) {
      String bootstrap = kafka.bootstrapServers();
      KafkaRecords.createTopic(bootstrap, "kept");
      KafkaRecords.produce(bootstrap, "kept", List.of("a", "b"));

      kafka.stop();
      kafka.stop();
      kafka.start();
      assertThat("the port stays", kafka.bootstrapServers(), is(bootstrap));
      assertThat(KafkaRecords.read(bootstrap, "kept"), contains("a", "b"));

      assertThat(setting(bootstrap, "log.retention.ms"), is("-1"));
      assertThat(setting(bootstrap, "auto.create.topics.enable"), is("false"));
    }
    try (KafkaBroker kafka = KafkaBroker.open(directory, line -> {})) {
      KafkaRecords.produce(kafka.bootstrapServers(), "kept", List.of("c"));
      assertThat(KafkaRecords.read(kafka.bootstrapServers(), "kept"), contains("a", "b", "c"));
    }
  }

  @Test
  void aTakenPortIsToldAndDoesNotEndTheJvm() throws Exception {
    try (KafkaBroker kafka = KafkaBroker.open(directory, line -> {})) {
      kafka.stop();
      int port = Integer.parseInt(kafka.bootstrapServers().replaceAll(".*:", ""));
      try (ServerSocket taken = new ServerSocket(port, 1, Loopback.address())) {
        SandboxException refused = assertThrows(SandboxException.class, kafka::start);
        assertThat(refused.getMessage(), containsString(":" + taken.getLocalPort()));
      }
      kafka.start();
      KafkaRecords.createTopic(kafka.bootstrapServers(), "after");
    }
  }

  @Test
  void aCommaInTheNameOfTheDirectoryIsRefused() {
    SandboxException refused =
        assertThrows(
            SandboxException.class, () -> KafkaBroker.open(directory.resolve("a,b"), line -> {}));
    assertThat(refused.getMessage(), containsString("comma"));
  }

  private static String setting(String bootstrap, String name) throws Exception {
    ConfigResource node = new ConfigResource(ConfigResource.Type.BROKER, "1");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      Config config = admin.describeConfigs(List.of(node)).all().get().get(node);
      return config.get(name).value();
    }
  }
}
