package dev.crossfade.transforms.records;

import java.io.Serializable;

/**
 * What a source holds, as its source system says: the broker, the file system, the database. It is
 * the side of a ledger that no graph has a hand in.
 *
 * @param source the source's name, as an {@link Origin} has it
 * @param identity what tells it from another one of its name: a topic's id, a file's checksum
 * @param first its first position
 * @param end the position after its last one
 * @param counted whether the source has no positions, and the range only says how many records
 *     there are
 */
public record SourceRange(String source, String identity, long first, long end, boolean counted)
    implements Serializable {
  /** A range of positions. */
  public SourceRange(String source, String identity, long first, long end) {
    this(source, identity, first, end, false);
  }

  /** So many records, which have no positions. */
  public static SourceRange ofCount(String source, String identity, long records) {
    return new SourceRange(source, identity, 0, records, true);
  }
}
