/**
 * The test kit: runs a flow over the same records as a bounded and as an unbounded input, on
 * whatever runner is on the test's class path, so that a team sees that arrival does not matter to
 * its numbers.
 */
package dev.crossfade.transforms.testing;
