package dev.crossfade.runners.bench;

import dev.crossfade.io.kafka.TopicEnd;
import dev.crossfade.migration.Database;
import dev.crossfade.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
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
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The broker, the database and the input that all contestants share, and the watch. */
final class Arena implements AutoCloseable {
  private static final int PARTITIONS = 4;
  private static final long LOOK_MILLIS = 100;
  private static final String TOPIC = "bench-orders";

  /** As {@code ./crossfade} has it; it makes every contestant faster. */
  private static final List<String> LESS_COMPILING =
      List.of(
          "-XX:Tier4InvocationThreshold=50000",
          "-XX:Tier4MinInvocationThreshold=6000",
          "-XX:Tier4CompileThreshold=150000",
          "-XX:Tier4BackEdgeThreshold=400000");

  private final Path directory;
  private final Duration longest;
  private final Sandbox sandbox;
  private final Map<String, String> environment;
  private final Map<Boolean, String> expected = new HashMap<>();

  /**
   * A harness.
   *
   * @param longest how long a contestant is waited for
   */
  Arena(Path directory, Duration longest) throws Exception {
    this.directory = directory;
    this.longest = longest;
    this.sandbox = Sandbox.open(directory.resolve("sandbox"), line -> {});
    this.environment = new HashMap<>(sandbox.environment());
    environment.put("BENCH_TOPIC", TOPIC);
    environment.put("BENCH_FILES", files() + "/*.json");
    environment.put("BENCH_FLOW", directory.resolve("orders.yaml").toString());
    try (var settings = Arena.class.getResourceAsStream("orders.yaml")) {
      Files.copy(settings, directory.resolve("orders.yaml"));
    }
  }

  /** How to reach the broker and the database, as variables. */
  Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  /** Writes the input, and computes what every contestant must come to. */
  void load(Workload workload) throws Exception {
    load(workload, shop -> null);
  }

  /**
   * The same with a say in which partition of the topic a shop's orders go to.
   *
   * @param partitionOf the partition of a shop; null is the one that Kafka chooses
   */
  void load(Workload workload, Function<String, Integer> partitionOf) throws Exception {
    workload.write(files());
    createTopic(TOPIC, Map.of());
    Map<String, Object> settings = new HashMap<>(client());
    settings.put("linger.ms", 20);
    settings.put("batch.size", 1 << 18);
    settings.put("acks", "1");
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      workload.records(
          (shop, record) -> {
            var unused =
                producer.send(new ProducerRecord<>(TOPIC, partitionOf.apply(shop), shop, record));
          });
    }
    Properties client = new Properties();
    client.putAll(client());
    TopicEnd.declare(client, TOPIC);
    execute("CREATE SCHEMA IF NOT EXISTS bench");
    for (boolean each : new boolean[] {true, false}) {
      Target target = Target.of("bench.expected", environment);
      target.create();
      PlainJava.run(files(), target, each);
      expected.put(each, digest("bench.expected", ""));
    }
  }

  /** Makes a topic, in place of the one of that name. */
  void createTopic(String name, Map<String, String> settings) throws Exception {
    try (Admin admin = Admin.create(client())) {
      if (admin.listTopics().names().get().contains(name)) {
        admin.deleteTopics(List.of(name)).all().get();
      }
      NewTopic topic = new NewTopic(name, PARTITIONS, (short) 1).configs(settings);
      admin.createTopics(List.of(topic)).all().get();
    }
  }

  /** Runs a contestant to its end, or until its table is complete, or for the longest time. */
  Measured run(Contestant contestant) throws IOException, InterruptedException, SQLException {
    String table = "bench." + contestant.label();
    if (contestant.isCrossfade()) {
      execute("DROP SCHEMA IF EXISTS crossfade CASCADE");
    } else {
      Target.of(table, environment).create();
    }
    Path log = log(contestant);
    Process process = start(contestant, log);
    ProcessHandle handle = process.toHandle();
    long started = System.nanoTime();
    Duration cpu = Duration.ZERO;
    double peak = 0;
    boolean complete = false;
    boolean tooLong = false;
    while (process.isAlive() && !complete && !tooLong) {
      boolean unused = process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      cpu = handle.info().totalCpuDuration().orElse(cpu);
      peak = Math.max(peak, megabytes(process.pid(), "VmHWM"));
      complete = contestant.isEndless() && isComplete(contestant, table);
      tooLong = System.nanoTime() - started > longest.toNanos();
    }
    double wall = (System.nanoTime() - started) / 1e9;
    if (complete || tooLong) {
      process.destroyForcibly();
    }
    int exitCode = process.waitFor();
    Measured.Outcome outcome =
        isComplete(contestant, table)
            ? Measured.Outcome.EQUAL
            : tooLong
                ? Measured.Outcome.UNFINISHED
                : exitCode == 0 ? Measured.Outcome.DIFFERENT : Measured.Outcome.FAILED;
    return new Measured(wall, cpu.toMillis() / 1e3, peak, outcome);
  }

  /** What a contestant says of itself; it stays when the benchmark has ended. */
  Path log(Contestant contestant) throws IOException {
    return log(contestant.label());
  }

  /** The same of a process of a study. */
  Path log(String name) throws IOException {
    return Files.createDirectories(logs()).resolve(name + ".log");
  }

  /** Where the logs are. */
  static Path logs() {
    return Path.of(System.getProperty("bench.home"), "target", "bench-logs");
  }

  private boolean isComplete(Contestant contestant, String table) throws SQLException {
    return contestant.isCrossfade()
        ? isCrossfadeComplete()
        : expected.get(contestant.countsEachOnce()).equals(digest(table, ""));
  }

  /** Whether the rows of Crossfade's lane are those that every contestant must come to. */
  boolean isCrossfadeComplete() throws SQLException {
    return expected.get(true).equals(digest("crossfade.bench_orders", " WHERE NOT tombstone"));
  }

  private Process start(Contestant contestant, Path log) throws IOException {
    return start(
        log,
        Contestant.class,
        List.of(contestant.name(), files().toString(), checkpoints().toString()));
  }

  /**
   * Starts a program in a virtual machine of its own, as all contestants are started.
   *
   * @param log where what it says goes
   */
  Process start(Path log, Class<?> program, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx3g", "-XX:+UseParallelGC"));
    command.addAll(LESS_COMPILING);
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")));
    command.add("--add-opens=java.base/java.util=ALL-UNNAMED");
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    String more = System.getProperty("bench.jvm");
    if (more != null) {
      command.addAll(List.of(more.split(" ")));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(program.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private Path files() {
    return directory.resolve("files");
  }

  /** Where streams keep their checkpoints. */
  Path checkpoints() {
    return directory.resolve("checkpoints");
  }

  /** Where what is to be looked at afterwards is kept. */
  Path directory() {
    return directory;
  }

  /** The settings of the flow that all compute. */
  String flow() {
    return environment.get("BENCH_FLOW");
  }

  /** The topic that {@link #load} writes. */
  String topic() {
    return TOPIC;
  }

  /** How many positions that topic has, with those that declare its end. */
  long records() throws Exception {
    Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      partitions.put(new TopicPartition(TOPIC, partition), OffsetSpec.latest());
    }
    try (Admin admin = Admin.create(client())) {
      return admin.listOffsets(partitions).all().get().values().stream()
          .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
          .sum();
    }
  }

  /** What a client of the broker needs. */
  Map<String, Object> client() {
    return Map.copyOf(sandbox.kafkaProperties());
  }

  /** As {@link ReconcileStudy} says. */
  Findings compareLanes(double scale) throws SQLException {
    Database database = Database.at(sandbox.jdbcUrl(), sandbox.user(), sandbox.password());
    try (Connection connection = connect()) {
      return ReconcileStudy.measure(database, connection, scale);
    }
  }

  /** A connection to the database. */
  Connection connect() throws SQLException {
    return DriverManager.getConnection(sandbox.jdbcUrl(), sandbox.user(), sandbox.password());
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Of all rows: shop, minute, orders, cents. */
  private String digest(String table, String where) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) || ':' || coalesce(sum(hashtextextended(shop || '|' ||"
                    + " extract(epoch FROM window_start)::bigint || '|' || orders || '|' || cents,"
                    + " 7)::numeric), 0) FROM "
                    + table
                    + where)) {
      row.next();
      return row.getString(1);
    }
  }

  /**
   * The memory of a process, from what Linux tells of it; 0 elsewhere.
   *
   * @param what {@code VmHWM} for the most that it had, {@code VmRSS} for what it has
   */
  static double megabytes(long pid, String what) {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(what + ":"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException e) {
      // It has ended, or this is no Linux.
      return 0;
    }
  }

  /** The end of what a program said. */
  static String tail(Path log) throws IOException {
    String text = Files.readString(log, StandardCharsets.UTF_8);
    return text.substring(Math.max(0, text.length() - 4_000));
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
