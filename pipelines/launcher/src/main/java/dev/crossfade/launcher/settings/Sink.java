package dev.crossfade.launcher.settings;

/** Where results go. */
public sealed interface Sink {
  /** The store. How it is written to is the sink's to decide: there is nothing to set. */
  record Postgres() implements Sink {}

  /**
   * Files.
   *
   * @param directory an absolute path, or a URI of a Beam file system as it was given
   * @param shards how many files hold the results of one window
   */
  record Files(Address directory, int shards) implements Sink {}

  /**
   * A Kafka topic.
   *
   * @param bootstrapServers the brokers to ask first, as {@code host:port,host:port}
   * @param topic the topic
   * @param properties further properties of the producer; none that Crossfade sets itself
   */
  record Kafka(String bootstrapServers, String topic, ClientProperties properties)
      implements Sink {}
}
