package dev.crossfade.transforms.records;

/**
 * One input record after decoding.
 *
 * @param value the decoded record
 * @param time the event time in milliseconds since 1970-01-01T00:00Z, read from the record and
 *     never from a clock
 * @param weight +1 for a row added, −1 for one taken away; a change to a row is one event of each
 * @param origin where the record was first seen
 * @param <E> the type of the decoded record
 */
public record Event<E>(E value, long time, long weight, Origin origin) {}
