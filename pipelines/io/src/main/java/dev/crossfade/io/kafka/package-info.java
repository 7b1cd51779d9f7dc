/**
 * Kafka as a source of blocks and as a sink of results. The source is our own, on the plain
 * consumer: the watermark of a partition, the verdict on late records and the block all belong to
 * the position in the log, and are kept with it.
 */
package dev.crossfade.io.kafka;
