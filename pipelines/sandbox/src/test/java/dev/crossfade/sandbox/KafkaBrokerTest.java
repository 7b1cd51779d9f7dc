package dev.crossfade.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Features;
import org.apache.kafka.server.common.MetadataVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaBrokerTest {
  @TempDir Path directory;

  @Test
  void recordsAreThereAfterStopAndStartAndAfterReopening() throws Exception {
    try (KafkaBroker kafka = KafkaBroker.open(directory, line -> {})) {
      String bootstrap = kafka.bootstrapServers();
      Map<String, String> client = kafka.clientProperties();
      KafkaRecords.createTopic(client, "kept");
      KafkaRecords.produce(client, "kept", List.of("a", "b"));

      kafka.stop();
      kafka.stop();
      kafka.start();
      assertThat("the port stays", kafka.bootstrapServers(), is(bootstrap));
      assertThat(KafkaRecords.read(client, "kept"), contains("a", "b"));

      assertThat(setting(client, "log.retention.ms"), is("-1"));
      assertThat(setting(client, "auto.create.topics.enable"), is("false"));
    }
    try (KafkaBroker kafka = KafkaBroker.open(directory, line -> {})) {
      KafkaRecords.produce(kafka.clientProperties(), "kept", List.of("c"));
      assertThat(KafkaRecords.read(kafka.clientProperties(), "kept"), contains("a", "b", "c"));
    }
  }

  @Test
  void aLogWhosePasswordIsGoneOrAnotherIsOpenedWithTheOneOfNow() throws Exception {
    Map<String, String> before;
    try (KafkaBroker kafka = KafkaBroker.open(directory, line -> {})) {
      before = kafka.security();
      KafkaRecords.createTopic(kafka.clientProperties(), "kept");
      KafkaRecords.produce(kafka.clientProperties(), "kept", List.of("a"));
    }
    Files.delete(Password.in(directory));
    try (KafkaBroker kafka = KafkaBroker.open(directory, line -> {})) {
      assertThat(KafkaRecords.read(kafka.clientProperties(), "kept"), contains("a"));
      Map<String, String> old = new HashMap<>(kafka.clientProperties());
      old.putAll(before);
      ExecutionException refused =
          assertThrows(ExecutionException.class, () -> setting(old, "log.retention.ms"));
      assertThat(refused.getCause(), instanceOf(SaslAuthenticationException.class));
    }
  }

  @Test
  void aLogThatWasWrittenWithoutPasswordsIsOpenedWithOne() throws Exception {
    // As a version before this one formatted it.
    Path log = Files.createDirectories(directory.resolve("log"));
    new Formatter()
        .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8))
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(1)
        .setControllerListenerName("CONTROLLER")
        .addDirectory(log.toString())
        .setMetadataLogDirectory(log.toString())
        .setSupportedFeatures(Features.PRODUCTION_FEATURES)
        .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
        .run();
    try (KafkaBroker kafka = KafkaBroker.open(directory, line -> {})) {
      KafkaRecords.createTopic(kafka.clientProperties(), "new");
      ExecutionException refused =
          assertThrows(
              ExecutionException.class,
              () ->
                  setting(
                      Map.of(
                          "bootstrap.servers",
                          kafka.bootstrapServers(),
                          "default.api.timeout.ms",
                          "1000",
                          "request.timeout.ms",
                          "1000"),
                      "log.retention.ms"));
      assertThat(refused.getCause(), instanceOf(TimeoutException.class));
    }
  }

  @Test
  void aBrokerWhoseLogIsGoneIsTakenForFailedAndDoesNotEndTheJvm() throws Exception {
    try (KafkaBroker kafka = KafkaBroker.open(directory, line -> {})) {
      assertThat(kafka.whatFailed(), is(Optional.empty()));
      // As on a disk that is full or broken: nothing new can be written.
      PrivateFiles.deleteTree(directory.resolve("log"));
      try (Admin admin = Admin.create(Map.copyOf(kafka.clientProperties()))) {
        var unused = admin.createTopics(List.of(new NewTopic("new", 1, (short) 1)));
        await().until(() -> kafka.whatFailed().isPresent());
        assertThat(
            kafka.whatFailed().orElseThrow(),
            containsString(directory.toRealPath().resolve("log").toString()));
      }
      kafka.stop();
      assertThat("it was told to", kafka.whatFailed(), is(Optional.empty()));
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
      KafkaRecords.createTopic(kafka.clientProperties(), "after");
    }
  }

  @Test
  void aCommaInTheNameOfTheDirectoryIsRefused() {
    SandboxException refused =
        assertThrows(
            SandboxException.class, () -> KafkaBroker.open(directory.resolve("a,b"), line -> {}));
    assertThat(refused.getMessage(), containsString("comma"));
  }

  private static String setting(Map<String, String> client, String name) throws Exception {
    ConfigResource node = new ConfigResource(ConfigResource.Type.BROKER, "1");
    try (Admin admin = Admin.create(Map.copyOf(client))) {
      Config config = admin.describeConfigs(List.of(node)).all().get().get(node);
      return config.get(name).value();
    }
  }
}
