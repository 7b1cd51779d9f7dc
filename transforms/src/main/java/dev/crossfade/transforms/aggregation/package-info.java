/**
 * Aggregates that fold the weight of each event into immutable partial results. Folding is
 * commutative and associative and can be undone by an event of the opposite weight, which is why
 * order, repetition of work and the kind of lane do not show in the result.
 */
package dev.crossfade.transforms.aggregation;
