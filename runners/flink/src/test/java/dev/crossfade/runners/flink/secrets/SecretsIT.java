package dev.crossfade.runners.flink.secrets;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import dev.crossfade.io.kafka.TopicEnd;
import dev.crossfade.launcher.testing.Call;
import dev.crossfade.launcher.testing.OpenSandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each connection of a flow has an account of its own here, with a password of unusual characters.
 * All that the processes write is searched for all of the passwords: while a stream runs, after it
 * was stopped, after it went on with other passwords, and after runs that failed.
 */
@Tag("long")
class SecretsIT {
  private static final Path JAR = Path.of("target", "crossfade-flink.jar").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int FLIGHTS = 18;

  @TempDir private Path scratch;

  private final Map<String, String> secrets = new HashMap<>();
  private final Map<String, String> variables = new HashMap<>();
  private Map<String, String> database;
  private int calls;
  private Process stream;

  @AfterEach
  void endTheStream() throws InterruptedException {
    if (stream != null) {
      stream.destroyForcibly().waitFor();
    }
  }

  @Test
  void noPasswordIsInAnythingThatARunWrites() throws Exception {
    database = OpenSandbox.emptyDatabase("secrets");
    variables.put("DB_URL", database.get("CROSSFADE_DB_URL"));
    variables.put("KAFKA", OpenSandbox.environment().get("CROSSFADE_KAFKA"));
    try (Connection admin = OpenSandbox.connect(database)) {
      OpenSandbox.execute(admin, "CREATE ROLE secrets_keeper LOGIN");
      OpenSandbox.execute(admin, "CREATE ROLE secrets_reader LOGIN");
      OpenSandbox.execute(admin, "GRANT CREATE ON DATABASE secrets TO secrets_keeper");
      OpenSandbox.execute(
          admin,
          "CREATE TABLE departures AS SELECT h AS flight_id,"
              + " to_char(timestamp '2001-01-03' + h * interval '1 hour', 'YYYY-MM-DD HH24:MI')"
              + " AS departure, 'ATL' AS origin, 'LAX' AS destination, 100 AS distance_miles,"
              + " 0 AS delay_minutes FROM generate_series(0, "
              + (FLIGHTS - 1)
              + ") AS h");
      OpenSandbox.execute(
          admin,
          "CREATE VIEW wrong AS SELECT flight_id, departure, origin, destination,"
              + " 100 / (flight_id - 7) AS distance_miles, delay_minutes FROM departures");
      OpenSandbox.execute(admin, "GRANT SELECT ON departures, wrong TO secrets_reader");
    }
    String storePassword = "Kq7'$u/f\\x:9@Zp%41#Ä";
    role("secrets_keeper", "STORE_PASSWORD", storePassword);
    role("secrets_reader", "SOURCE_PASSWORD", "Yw3&r?T=e {8}+m\"L!oß");
    user("secrets_streamer", "STREAM_JAAS", "Hd5;b/N\\c%=j2,Vg");
    user("secrets_publisher", "SINK_JAAS", "Ps8|d-X^t~6*Rb)k");
    settings();
    publish();

    stream = start("run", "--source=stream", "--checkpointingInterval=500");
    await().atMost(PATIENCE).until(() -> !stream.isAlive() || (isCheckpointed() && rows() > 0));
    assertThat(said(), stream.isAlive(), is(true));
    call(0, "status", "--json");
    requireNothing(10);

    call(0, "stop", "--json");
    assertThat(stream.waitFor(60, TimeUnit.SECONDS), is(true));
    assertThat(said(), stream.exitValue(), is(0));
    requireNothing(10);

    role("secrets_keeper", "STORE_PASSWORD", "Wn2`a<G>v4\tQ;s]$");
    user("secrets_streamer", "STREAM_JAAS", "Jf6?y.M(z1)h}Ex");
    TopicEnd.declare(OpenSandbox.kafkaClient(), "secrets");
    process(0, "run", "--source=stream", "--resume");

    process(0, "run", "--source=batch", "--json", "--summary=summary.json");
    call(0, "reconcile", "--left=batch", "--right=stream", "--json");
    call(0, "check", "--json");
    process(
        0,
        "run",
        "--source=batch",
        "--set=sink.type=kafka",
        "--set=sink.bootstrapServers=${KAFKA}",
        "--set=sink.topic=secrets_results",
        "--set=sink.properties.security.protocol=SASL_PLAINTEXT",
        "--set=sink.properties.sasl.mechanism=SCRAM-SHA-512",
        "--set=sink.properties.sasl.jaas.config=${SINK_JAAS}");
    // What fails tells more, and drivers and runners tell it.
    process(4, "run", "--source=batch", "--set=sources.batch.table=public.wrong");
    call(3, "run", "--source=batch", "--set=sources.batch.table=public.nowhere");
    variables.put("STORE_PASSWORD", storePassword);
    call(3, "run", "--source=batch");
    call(3, "run", "--source=stream");
    requireNothing(30);
    SecretSearch elsewhere = new SecretSearch(secrets);
    database(elsewhere);
    topics(elsewhere);
    assertThat(elsewhere.searched(), greaterThan(100));
    assertThat(elsewhere.found(), is(List.of()));
  }

  private void role(String role, String variable, String password) throws SQLException {
    try (Connection admin = OpenSandbox.connect(database)) {
      OpenSandbox.execute(
          admin, "ALTER ROLE " + role + " PASSWORD '" + password.replace("'", "''") + "'");
    }
    remember(role, password);
    variables.put(variable, password);
  }

  private void user(String user, String variable, String password) throws Exception {
    try (Admin admin = Admin.create(OpenSandbox.kafkaClient())) {
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password)))
          .all()
          .get();
    }
    remember(user, password);
    variables.put(
        variable,
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
            + user
            + "\" password=\""
            + password.replace("\\", "\\\\").replace("\"", "\\\"")
            + "\";");
  }

  private void remember(String of, String password) {
    secrets.put("the password no. " + (secrets.size() + 1) + ", of " + of, password);
  }

  private void settings() throws IOException {
    Files.writeString(
        Files.createDirectories(home()).resolve("flow.yaml"),
        """
        flow: flights
        eventTime:
          field: departure
          zone: UTC
          notBefore: 2000-12-01T00:00:00Z
          notAfter: 2001-02-01T00:00:00Z
        window: { size: 1h, watermarkDelay: 2h, allowedLateness: 0s, earlyFiring: 1s }
        references:
          airports: { path: airports.csv, key: iata }
        sources:
          batch:
            type: jdbc
            url: ${DB_URL}
            user: secrets_reader
            password: ${SOURCE_PASSWORD}
            table: public.departures
            partitionColumn: flight_id
          stream:
            type: kafka
            bootstrapServers: ${KAFKA}
            topic: secrets
            stopAtEnd: true
            properties:
              security.protocol: SASL_PLAINTEXT
              sasl.mechanism: SCRAM-SHA-512
              sasl.jaas.config: ${STREAM_JAAS}
        store: { url: "${DB_URL}", user: secrets_keeper, password: "${STORE_PASSWORD}" }
        """);
    Files.copy(Path.of("../../testdata/airports.csv"), home().resolve("airports.csv"));
  }

  private void publish() throws Exception {
    Properties client = OpenSandbox.kafkaClient();
    try (Admin admin = Admin.create(client)) {
      admin
          .createTopics(
              Stream.of(
                      "secrets",
                      "secrets_results",
                      "secrets_results.dead-letters",
                      "secrets_results.late-records")
                  .map(topic -> new NewTopic(topic, 1, (short) 1))
                  .toList())
          .all()
          .get();
    }
    StringSerializer text = new StringSerializer();
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(client, text, text)) {
      for (int hour = 0; hour < FLIGHTS; hour++) {
        String flight =
            ("{\"flight_id\":%d,\"departure\":\"2001-01-03T%02d:00\",\"origin\":\"ATL\","
                    + "\"destination\":\"LAX\",\"distance_miles\":100,\"delay_minutes\":0}")
                .formatted(hour, hour);
        producer.send(new ProducerRecord<>("secrets", flight)).get();
      }
      producer.send(new ProducerRecord<>("secrets", "no flight")).get();
    }
  }

  /** Where the processes work, keep temporary files, and say what they say. */
  private Path home() {
    return scratch.resolve("home");
  }

  private Process start(String... call) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + Files.createDirectories(home().resolve("tmp")),
                "-Dfile.encoding=UTF-8",
                "-jar",
                JAR.toString()));
    command.addAll(List.of(call));
    command.add("--flow=flow.yaml");
    if (call[0].equals("run")) {
      command.add("--runner=FlinkRunner");
      command.add("--parallelism=1");
    }
    String name = "%02d-%s".formatted(++calls, call[0]);
    ProcessBuilder process =
        new ProcessBuilder(command)
            .directory(home().toFile())
            .redirectOutput(home().resolve(name + ".out").toFile())
            .redirectError(home().resolve(name + ".err").toFile());
    process.environment().putAll(variables);
    return process.start();
  }

  private void process(int exitCode, String... call) throws Exception {
    Process process = start(call);
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS), is(true));
      assertThat(List.of(call) + "\n" + said(), process.exitValue(), is(exitCode));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** The same in this process, where it writes nothing but what it says; that is kept. */
  private void call(int exitCode, String... call) throws IOException {
    Call done = Call.of(variables, Call.arguments(call, "--flow=" + home().resolve("flow.yaml")));
    assertThat(done.toString(), done.exitCode(), is(exitCode));
    String name = "%02d-%s".formatted(++calls, call[0]);
    Files.writeString(home().resolve(name + ".out"), done.out());
    Files.writeString(home().resolve(name + ".err"), done.err());
  }

  /** What the newest process has said. */
  private String said() throws IOException {
    StringBuilder said = new StringBuilder();
    try (Stream<Path> files = Files.list(home())) {
      String newest = "%02d-".formatted(calls);
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith(newest)).toList()) {
        said.append(Files.readString(file)).append('\n');
      }
    }
    return said.toString();
  }

  private boolean isCheckpointed() throws IOException {
    Path checkpoints = home().resolve(".crossfade/checkpoints");
    if (!Files.isDirectory(checkpoints)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(checkpoints)) {
      return files.anyMatch(file -> file.endsWith("_metadata"));
    }
  }

  private long rows() throws SQLException {
    return OpenSandbox.number(database, "SELECT count(*) FROM crossfade.flights");
  }

  private void requireNothing(int atLeast) throws IOException {
    SecretSearch search = new SecretSearch(secrets);
    search.directory(home());
    assertThat(search.searched(), greaterThan(atLeast));
    assertThat(search.found(), is(List.of()));
  }

  /** Every row of every table. */
  private void database(SecretSearch search) throws SQLException {
    try (Connection db = OpenSandbox.connect(database);
        Statement tables = db.createStatement();
        ResultSet table =
            tables.executeQuery(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                    + " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")) {
      while (table.next()) {
        try (Statement rows = db.createStatement();
            ResultSet row =
                rows.executeQuery("SELECT t::text FROM " + table.getString(1) + " AS t")) {
          while (row.next()) {
            search.text(table.getString(1), row.getString(1));
          }
        }
      }
    }
  }

  /** Every record of every topic. */
  private void topics(SecretSearch search) throws Exception {
    Properties client = OpenSandbox.kafkaClient();
    client.setProperty("auto.offset.reset", "earliest");
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    try (Admin admin = Admin.create(client);
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(client, bytes, bytes)) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (String topic : admin.listTopics().names().get()) {
        if (topic.startsWith("secrets")) {
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .forEach(partitions::add);
        }
      }
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          search.bytes(record.topic(), record.value() == null ? new byte[0] : record.value());
          search.bytes(record.topic(), record.key() == null ? new byte[0] : record.key());
          record.headers().forEach(header -> search.bytes(record.topic(), header.value()));
        }
      }
    }
  }
}
