/**
 * Records and the events in them: the blocks of bytes in which records cross operators, and the
 * reading of a block's records, first of their event time alone, in the source, and then of all
 * their fields. What is wrong with a record is found here; where records come from is not known.
 */
package dev.crossfade.transforms.records;
