/**
 * What a result is, without Beam and without a database: typed rows, their canonical bytes, the
 * digest over them, the comparison of two cells and the order of two versions. The graph, the sinks
 * and the migration all use this one package, so that "equal" means the same everywhere.
 */
package dev.crossfade.transforms.results;
