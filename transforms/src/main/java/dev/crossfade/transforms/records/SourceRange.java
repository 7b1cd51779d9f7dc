package dev.crossfade.transforms.records;

import java.io.Serializable;

/**
 * What a source holds, as its keeper says: the broker, the file system, the database. It is the
 * side of a ledger that no graph has a hand in.
 *
 * @param source the source's name, as an {@link Origin} has it
 * @param identity what tells it from another one of its name: a topic's id, a file's checksum
 * @param first its first position
 * @param end the position after its last one
 */
public record SourceRange(String source, String identity, long first, long end)
    implements Serializable {}
