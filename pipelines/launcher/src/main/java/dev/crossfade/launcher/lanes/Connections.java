package dev.crossfade.launcher.lanes;

import dev.crossfade.io.credentials.Credentials;
import dev.crossfade.io.jdbc.Database;
import dev.crossfade.io.jdbc.SourceTable;
import dev.crossfade.io.kafka.KafkaTopic;
import dev.crossfade.launcher.settings.BatchSource;
import dev.crossfade.launcher.settings.KafkaStreamSource;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.launcher.settings.Sink;

/**
 * The connections of a run, as its graph may hold them: their credentials stay here, in the memory
 * of this process, until the run is over.
 */
final class Connections implements AutoCloseable {
  private static final String STORE = "store";
  private static final String BATCH = "sources.batch";
  private static final String STREAM = "sources.stream";
  private static final String SINK = "sink";

  private final Credentials credentials;
  private final Settings settings;

  private Connections(Credentials credentials, Settings settings) {
    this.credentials = credentials;
    this.settings = settings;
  }

  static Connections of(Settings settings) {
    return new Connections(Credentials.of(settings.flow()), settings);
  }

  Database store() {
    Settings.Store store = settings.store();
    return Database.of(
        credentials, STORE, store.url().value(), store.user(), store.password().reveal());
  }

  SourceTable table(BatchSource.Jdbc jdbc) {
    return new SourceTable(
        Database.of(credentials, BATCH, jdbc.url().value(), jdbc.user(), jdbc.password().reveal()),
        jdbc.table(),
        jdbc.partitionColumn(),
        jdbc.partitions());
  }

  KafkaTopic stream() {
    KafkaStreamSource kafka = settings.sources().stream().orElseThrow();
    return KafkaTopic.of(
        credentials, STREAM, kafka.bootstrapServers(), kafka.topic(), kafka.properties().values());
  }

  KafkaTopic sink(Sink.Kafka sink) {
    return KafkaTopic.of(
        credentials, SINK, sink.bootstrapServers(), sink.topic(), sink.properties().values());
  }

  @Override
  public void close() {
    credentials.close();
  }
}
