package dev.crossfade.io.jdbc;

import java.io.Serializable;

/**
 * The rows of a table that are read together.
 *
 * @param first the least value of the partition column; null for the rows where it is null
 * @param last the greatest
 */
record TablePartition(Long first, Long last) implements Serializable {}
