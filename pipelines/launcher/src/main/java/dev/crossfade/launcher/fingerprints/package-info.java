/**
 * Two fingerprints of a graph, because two questions are asked of a change: may a stream go on from
 * the state that it left ({@link StateFingerprint}), and does evidence gathered before it still
 * count ({@link LogicFingerprint})?
 */
package dev.crossfade.launcher.fingerprints;
