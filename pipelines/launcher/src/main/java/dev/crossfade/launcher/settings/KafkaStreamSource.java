package dev.crossfade.launcher.settings;

import java.time.Duration;

/**
 * A Kafka topic as an unbounded source.
 *
 * @param bootstrapServers the brokers to ask first, as {@code host:port,host:port}
 * @param topic the topic
 * @param idleAfter how long a partition delivers nothing before the others no longer wait for it
 * @param stopAtEnd whether the run ends once every partition has delivered its declared end
 * @param properties further properties of the consumer; none that Crossfade sets itself
 */
public record KafkaStreamSource(
    String bootstrapServers,
    String topic,
    Duration idleAfter,
    boolean stopAtEnd,
    ClientProperties properties) {}
