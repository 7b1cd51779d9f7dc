/**
 * Kills whatever takes part in a stream, at seeded moments, and shows that the tables end as those
 * of a batch that nobody disturbed. Broker, database and Crossfade are processes of their own here,
 * since a kill of this JVM would show nothing.
 */
package dev.crossfade.runners.flink.crash;
