/**
 * The one graph: blocks of records in, results, dead letters and late records out. The same
 * transform stands in every lane; nothing in it asks whether its input is bounded.
 */
package dev.crossfade.transforms.graph;
