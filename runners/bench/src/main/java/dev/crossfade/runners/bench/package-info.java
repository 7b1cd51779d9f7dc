/**
 * Measures Crossfade against what else computes the same table: a textbook Beam pipeline, native
 * Flink, Kafka Streams and a loop of plain Java. All of them read the same records, write to the
 * same database, and must come to the same rows; each runs in a virtual machine of its own, with
 * the same options, in turn.
 */
package dev.crossfade.runners.bench;
