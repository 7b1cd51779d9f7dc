package dev.crossfade.launcher.report;

import java.time.Duration;

/**
 * One part of a rehearsal.
 *
 * @param name what was done
 * @param took how long it took
 */
public record Phase(String name, Duration took) {}
