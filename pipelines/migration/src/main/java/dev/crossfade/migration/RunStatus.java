package dev.crossfade.migration;

import java.time.Instant;
import java.util.Optional;

/**
 * What became of a run.
 *
 * @param run its number
 * @param runner what it ran on
 * @param startedAt when it began
 * @param endedAt when it ended; empty if it is under way, or was cut off and could not say so
 * @param outcome how it ended
 * @param counts what it counted, as JSON
 * @param state the outcome of a run that has ended; else {@link #RUNNING}, if a process holds it,
 *     or {@link #GONE}
 * @param checkpoint of a stream that keeps checkpoints and has not ended
 */
public record RunStatus(
    long run,
    String runner,
    Instant startedAt,
    Optional<Instant> endedAt,
    Optional<String> outcome,
    Optional<String> counts,
    String state,
    Optional<CheckpointStatus> checkpoint) {
  /** A process is at work on it. */
  public static final String RUNNING = "RUNNING";

  /** It was cut off and could not say so: its process is gone, or was cut off from the store. */
  public static final String GONE = "GONE";
}
