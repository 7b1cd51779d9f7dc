package dev.crossfade.runners.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The same on Kafka Streams: the topic is keyed by shop already, so that nothing is repartitioned.
 * It does not see that an order came twice.
 */
final class KafkaStreamsApp {
  private KafkaStreamsApp() {}

  /** Runs until it is killed. */
  static void run(Properties kafka, String topic, Target target) throws Exception {
    Path state = Files.createTempDirectory("bench-kafka-streams");
    Properties settings = new Properties();
    settings.putAll(kafka);
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench-" + System.nanoTime());
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 5_000);
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 64 << 20);
    settings.put("auto.offset.reset", "earliest");
    StreamsBuilder builder = new StreamsBuilder();
    Serde<byte[]> bytes = Serdes.ByteArray();
    builder.stream(
            topic,
            Consumed.with(Serdes.String(), bytes)
                .withTimestampExtractor(
                    (record, before) -> {
                      ParsedOrder order = parsed((byte[]) record.value());
                      return order == null ? -1 : order.placedAt;
                    }))
        .groupByKey(Grouped.with(Serdes.String(), bytes))
        .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofMinutes(1), Duration.ofMinutes(1)))
        .aggregate(
            () -> "0 0",
            (shop, record, sum) -> {
              int blank = sum.indexOf(' ');
              long orders = Long.parseLong(sum.substring(0, blank));
              long cents = Long.parseLong(sum.substring(blank + 1));
              return (orders + 1) + " " + (cents + parsed(record).cents);
            },
            Materialized.with(Serdes.String(), Serdes.String()))
        .toStream()
        .process(() -> new Write(target));
    KafkaStreams streams = new KafkaStreams(builder.build(), settings);
    streams.start();
    Thread.currentThread().join();
  }

  private static ParsedOrder parsed(byte[] record) {
    return record == null ? null : ParsedOrder.of(record, 0, record.length, false);
  }

  private static final class Write implements Processor<Windowed<String>, String, Void, Void> {
    private final Target target;
    private Connection connection;
    private PreparedStatement upsert;

    Write(Target target) {
      this.target = target;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
      try {
        connection = target.connect();
        connection.setAutoCommit(false);
        upsert = connection.prepareStatement(target.upsert());
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      context.schedule(Duration.ofMillis(500), PunctuationType.WALL_CLOCK_TIME, time -> flush());
    }

    @Override
    public void process(Record<Windowed<String>, String> row) {
      int blank = row.value().indexOf(' ');
      try {
        Target.bind(
            upsert,
            row.key().key(),
            row.key().window().start(),
            Long.parseLong(row.value().substring(0, blank)),
            Long.parseLong(row.value().substring(blank + 1)));
        upsert.addBatch();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    private void flush() {
      try {
        upsert.executeBatch();
        connection.commit();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
