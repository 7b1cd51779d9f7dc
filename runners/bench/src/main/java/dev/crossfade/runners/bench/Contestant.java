package dev.crossfade.runners.bench;

import dev.crossfade.launcher.verbs.Crossfade;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** Who computes the table. */
enum Contestant {
  /** Crossfade's stream lane on Flink, each order once. */
  CROSSFADE_STREAM(true, true),
  /** Flink's DataStream API from Kafka, each order once and validated. */
  NATIVE_STREAM(true, true),
  /** The same without either. */
  NATIVE_STREAM_BARE(true, false),
  /** Beam as its documentation writes it, on Flink from Kafka; it does not see repetitions. */
  TEXTBOOK_STREAM(true, false),
  /** Kafka Streams. */
  KAFKA_STREAMS(true, false),
  /** Crossfade's batch lane on Flink. */
  CROSSFADE_BATCH(false, true),
  /** Crossfade's batch lane on the DirectRunner. */
  CROSSFADE_DIRECT(false, true),
  /** Flink's batch mode from files, each order once and validated. */
  NATIVE_BATCH(false, true),
  /** The same without either. */
  NATIVE_BATCH_BARE(false, false),
  /** Beam as its documentation writes it, on Flink from files, each order once. */
  TEXTBOOK_BATCH(false, true),
  /** The same without that. */
  TEXTBOOK_BATCH_BARE(false, false),
  /** A loop. */
  PLAIN_JAVA(false, true);

  private final boolean stream;
  private final boolean each;

  Contestant(boolean stream, boolean each) {
    this.stream = stream;
    this.each = each;
  }

  /** Whether it reads the topic and not the files. */
  boolean isStream() {
    return stream;
  }

  /** Whether an order that comes twice counts once. */
  boolean countsEachOnce() {
    return each;
  }

  boolean isCrossfade() {
    return this == CROSSFADE_STREAM || this == CROSSFADE_BATCH || this == CROSSFADE_DIRECT;
  }

  /** Whether it does not end by itself, or not soon. */
  boolean isEndless() {
    return this == TEXTBOOK_STREAM || this == KAFKA_STREAMS;
  }

  /** How tables and people call it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Computes the table, in a virtual machine of its own.
   *
   * @param arguments the contestant, the directory of the files, and the directory for checkpoints
   */
  public static void main(String[] arguments) throws Exception {
    Map<String, String> environment = System.getenv();
    Contestant contestant = valueOf(arguments[0]);
    Path files = Path.of(arguments[1]);
    Target target = Target.of("bench." + contestant.label(), environment);
    Properties kafka = new Properties();
    try (Reader client =
        Files.newBufferedReader(Path.of(environment.get("CROSSFADE_KAFKA_PROPERTIES")))) {
      kafka.load(client);
    }
    String topic = environment.get("BENCH_TOPIC");
    switch (contestant) {
      case CROSSFADE_STREAM ->
          crossfade(
              "--source=stream",
              "--runner=FlinkRunner",
              "--parallelism=2",
              "--checkpointingInterval=5000",
              "--checkpoints=" + arguments[2]);
      case CROSSFADE_BATCH ->
          crossfade("--source=batch", "--runner=FlinkRunner", "--parallelism=2");
      case CROSSFADE_DIRECT -> crossfade("--source=batch", "--runner=DirectRunner");
      case NATIVE_STREAM, NATIVE_STREAM_BARE ->
          NativeFlink.stream(kafka, topic, target, contestant.each);
      case NATIVE_BATCH, NATIVE_BATCH_BARE -> NativeFlink.batch(files, target, contestant.each);
      case TEXTBOOK_STREAM -> TextbookBeam.stream(kafka, topic, target, contestant.each);
      case TEXTBOOK_BATCH, TEXTBOOK_BATCH_BARE ->
          TextbookBeam.batch(files, target, contestant.each);
      case KAFKA_STREAMS -> KafkaStreamsApp.run(kafka, topic, target);
      case PLAIN_JAVA -> PlainJava.run(files, target, true);
    }
    // A runner's threads may outlive its job.
    System.exit(0);
  }

  private static void crossfade(String... options) throws Exception {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "run";
    arguments[1] = "--flow=" + System.getenv("BENCH_FLOW");
    System.arraycopy(options, 0, arguments, 2, options.length);
    int exitCode = Crossfade.run(arguments, System.out, System.err, System.getenv());
    if (exitCode != 0) {
      Runtime.getRuntime().halt(exitCode);
    }
  }
}
