/** What Flink needs to be told beyond Beam's options, so that a stream survives its process. */
package dev.crossfade.runners.flink;
