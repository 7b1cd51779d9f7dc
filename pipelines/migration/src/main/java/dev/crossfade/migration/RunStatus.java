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
 */
public record RunStatus(
    long run,
    String runner,
    Instant startedAt,
    Optional<Instant> endedAt,
    Optional<String> outcome,
    Optional<String> counts) {}
