package dev.crossfade.io.kafka;

import java.io.Serializable;

/**
 * A part of a partition's log.
 *
 * @param partition the partition
 * @param first the first offset
 * @param end the offset after the last one
 */
public record PartitionRange(int partition, long first, long end) implements Serializable {}
