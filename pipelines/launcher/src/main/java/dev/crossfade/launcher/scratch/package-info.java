/**
 * Where a process keeps its temporary files: libraries leave theirs behind when they are killed, so
 * all are kept in one place that somebody else can clear.
 */
package dev.crossfade.launcher.scratch;
