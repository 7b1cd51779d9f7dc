/**
 * The Flow API: what a team implements to bring its own computation. It says nothing of where
 * events come from or where rows go, so the same flow object builds every lane.
 */
package dev.crossfade.transforms;
