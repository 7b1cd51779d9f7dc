package dev.crossfade.sandbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.hamcrest.FeatureMatcher;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker lets in who knows its password, and nobody else of the machine. */
class KafkaStrangersTest {
  @TempDir static Path directory;
  private static KafkaBroker kafka;

  @BeforeAll
  static void openBroker() throws Exception {
    // As another program may have made it.
    Files.createDirectory(
        directory.resolve("kafka"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    kafka = KafkaBroker.open(directory.resolve("kafka"), line -> {});
    KafkaRecords.createTopic(kafka.clientProperties(), "private");
    KafkaRecords.produce(kafka.clientProperties(), "private", List.of("mine"));
  }

  @AfterAll
  static void closeBroker() {
    kafka.close();
  }

  @Test
  void whoHasNoCredentialsCannotListNorReadNorWriteNorMakeTopics() throws Exception {
    assertIsKeptOut(Map.of("bootstrap.servers", kafka.bootstrapServers()), TimeoutException.class);
  }

  @Test
  void whoHasAWrongPasswordCannotListNorReadNorWriteNorMakeTopics() throws Exception {
    assertIsKeptOut(
        as("crossfade", "guessed", "SCRAM-SHA-512", "scram.Scram"),
        SaslAuthenticationException.class);
  }

  @Test
  void whoHasAnotherNameCannotListNorReadNorWriteNorMakeTopics() throws Exception {
    assertIsKeptOut(
        as("root", password(), "SCRAM-SHA-512", "scram.Scram"), SaslAuthenticationException.class);
  }

  @Test
  void thePasswordIsNotTakenInClear() throws Exception {
    assertIsKeptOut(
        as("crossfade", password(), "PLAIN", "plain.Plain"),
        UnsupportedSaslMechanismException.class);
  }

  @Test
  void theControllerKeepsStrangersOutToo() throws Exception {
    List<Integer> ports = new ArrayList<>(Listeners.portsOf(ProcessHandle.current().pid()));
    ports.remove((Integer) port());
    assertThat("the controller listens", ports, is(not(empty())));
    for (int port : ports) {
      Map<String, String> controller =
          Map.of("bootstrap.controllers", Loopback.ADDRESS + ":" + port);
      try (Admin admin = Admin.create(impatient(controller))) {
        assertKeptOut(() -> admin.describeCluster().nodes().get(), TimeoutException.class);
      }
      Map<String, String> user = new HashMap<>(as("crossfade", password(), "PLAIN", "plain.Plain"));
      user.remove("bootstrap.servers");
      user.putAll(controller);
      try (Admin admin = Admin.create(impatient(user))) {
        assertKeptOut(
            () -> admin.describeCluster().nodes().get(), SaslAuthenticationException.class);
      }
    }
  }

  @Test
  void whoReadsTheFileIsLetInAndOnlyItsOwnerReadsIt() throws Exception {
    Map<String, String> client = KafkaRecords.properties(kafka.propertiesFile());
    assertThat(client, is(kafka.clientProperties()));
    assertThat(KafkaRecords.read(client, "private"), contains("mine"));
    try (Admin admin = Admin.create(Map.copyOf(client))) {
      assertThat(admin.listTopics().names().get(), contains("private"));
    }

    assertThat(rightsOfOthers(kafka.propertiesFile().getParent()), is(Set.of()));
    for (Path file :
        List.of(kafka.propertiesFile(), Password.in(kafka.propertiesFile().getParent()))) {
      assertThat(rightsOfOthers(file), is(Set.of()));
    }
  }

  @Test
  void thePasswordStandsNowhereButInItsTwoFiles() throws Exception {
    String password = password();
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), ISO_8859_1).contains(password)) {
          found.add(file.getFileName());
        }
      }
    }
    assertThat(Set.copyOf(found), is(Set.of(Path.of("client.properties"), Path.of("password"))));
  }

  private static void assertIsKeptOut(Map<String, String> stranger, Class<? extends Throwable> why)
      throws Exception {
    Map<String, Object> impatient = impatient(stranger);
    try (Admin admin = Admin.create(impatient)) {
      assertKeptOut(() -> admin.listTopics().names().get(), why);
    }
    Map<String, String> client = new HashMap<>();
    impatient.forEach((name, value) -> client.put(name, value.toString()));
    assertKeptOut(() -> KafkaRecords.read(client, "private"), why);
    assertKeptOut(
        () -> {
          KafkaRecords.produce(client, "private", List.of("theirs"));
          return null;
        },
        why);
    assertKeptOut(
        () -> {
          KafkaRecords.createTopic(client, "theirs");
          return null;
        },
        why);
    assertThat(KafkaRecords.read(kafka.clientProperties(), "private"), contains("mine"));
  }

  private static void assertKeptOut(Callable<?> attempt, Class<? extends Throwable> why) {
    Throwable failure = assertThrows(Exception.class, attempt::call);
    assertThat(String.valueOf(failure), failure, anyOf(instanceOf(why), causedBy(why)));
    assertThat(String.valueOf(failure), not(containsString(kafka.clientProperties().toString())));
  }

  private static Matcher<Throwable> causedBy(Class<? extends Throwable> type) {
    return new FeatureMatcher<>(instanceOf(type), "caused by", "cause") {
      @Override
      protected Throwable featureValueOf(Throwable failure) {
        return failure.getCause();
      }
    };
  }

  private static Map<String, String> as(
      String user, String password, String mechanism, String module) {
    return Map.of(
        "bootstrap.servers",
        kafka.bootstrapServers(),
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        mechanism,
        "sasl.jaas.config",
        "org.apache.kafka.common.security.%sLoginModule required username=\"%s\" password=\"%s\";"
            .formatted(module, user, password));
  }

  private static String password() throws IOException {
    return Files.readString(Password.in(kafka.propertiesFile().getParent())).strip();
  }

  /** A refusal without a word is seen by its silence, for which nobody waits long. */
  private static Map<String, Object> impatient(Map<String, String> client) {
    Map<String, Object> all = new HashMap<>(client);
    for (String limit : List.of("default.api.timeout.ms", "request.timeout.ms", "max.block.ms")) {
      all.put(limit, "1000");
    }
    all.put("delivery.timeout.ms", "1000");
    all.put("linger.ms", "0");
    return all;
  }

  private static int port() {
    return Integer.parseInt(kafka.bootstrapServers().replaceAll(".*:", ""));
  }

  private static Set<PosixFilePermission> rightsOfOthers(Path file) throws IOException {
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
    rights.removeAll(PosixFilePermissions.fromString("rwx------"));
    return rights;
  }
}
