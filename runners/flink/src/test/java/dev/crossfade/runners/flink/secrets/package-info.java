/**
 * No password of the settings is in anything that a run writes. That is a promise about places
 * nobody thinks of, so it is kept by searching all of them, as a thief would, and not by looking at
 * the code.
 */
package dev.crossfade.runners.flink.secrets;
