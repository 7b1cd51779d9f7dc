/**
 * Measures the small parts that every record goes through, each by itself and without a runner:
 * decoding, event time, keys, and the upsert of results. The figures tell which part got slower
 * where a whole lane did; they do not add up to a lane. Each benchmark checks what its part comes
 * to, so that a part that does not work does not look fast.
 */
package dev.crossfade.runners.bench.parts;
