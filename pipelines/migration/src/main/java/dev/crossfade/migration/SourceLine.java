package dev.crossfade.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the records of one source went in one run.
 *
 * @param run the run
 * @param source the source
 * @param input what its keeper says there is to read; empty if that was not recorded
 * @param nextPosition the position after the last one that was read
 * @param decoded records that are events
 * @param outside those of them that belong to a window which the run does not compute
 * @param undecodable records that are none
 * @param withoutContent positions that hold no record
 * @param deadLetters dead letters that stand for the undecodable ones
 * @param complete whether nothing that the run has read is on its way any more
 * @param toEnd whether the run had to read all that the keeper has
 */
public record SourceLine(
    long run,
    String source,
    Optional<InputRange> input,
    long nextPosition,
    long decoded,
    long outside,
    long undecodable,
    long withoutContent,
    long deadLetters,
    boolean complete,
    boolean toEnd) {

  /** Positions that were read, by where the reading stands; records, if there are no positions. */
  public long positions() {
    return counted(input) ? counted() : nextPosition - input.map(InputRange::first).orElse(0L);
  }

  /** Positions of which it is known what became of them. */
  public long counted() {
    return decoded + undecodable + withoutContent;
  }

  /** Positions that were read and of which nothing is known; below 0 if too many are. */
  public long remainder() {
    return positions() - counted();
  }

  /** Positions or records that were not read yet; 0 if the source goes on. */
  public long unread() {
    if (input.isEmpty() || input.get().end().isEmpty()) {
      return 0;
    }
    return input.get().end().getAsLong() - (counted(input) ? counted() : nextPosition);
  }

  private static boolean counted(Optional<InputRange> input) {
    return input.isPresent() && input.get().counted();
  }

  /** Undecodable records without a dead letter; below 0 if there are too many letters. */
  public long withoutLetter() {
    return undecodable - deadLetters;
  }

  List<String> remainders() {
    String subject = "run " + run + ", source " + source + ": ";
    if (input.isEmpty()) {
      return List.of(subject + "what its keeper has was not recorded, and records came of it");
    }
    List<String> remainders = new ArrayList<>();
    if (remainder() != 0) {
      remainders.add(
          subject
              + "read "
              + positions()
              + ", from "
              + input.get().first()
              + " to "
              + nextPosition
              + ", accounted for "
              + counted()
              + " (decoded "
              + decoded
              + ", undecodable "
              + undecodable
              + ", without content "
              + withoutContent
              + "): "
              + LedgerReport.offBy(remainder()));
    }
    if (toEnd && unread() != 0 && counted(input)) {
      remainders.add(
          subject
              + "its source system counted "
              + input.get().end().getAsLong()
              + " records, accounted for "
              + counted()
              + " (decoded "
              + decoded
              + ", undecodable "
              + undecodable
              + "): "
              + LedgerReport.offBy(unread()));
    } else if (toEnd && unread() != 0) {
      remainders.add(
          subject
              + "read to "
              + nextPosition
              + ", and its keeper has positions up to "
              + input.get().end().getAsLong()
              + ": "
              + LedgerReport.offBy(unread()));
    }
    if (complete && withoutLetter() != 0) {
      remainders.add(
          subject
              + "undecodable "
              + undecodable
              + ", dead letters for them "
              + deadLetters
              + ": "
              + LedgerReport.offBy(withoutLetter()));
    }
    return remainders;
  }
}
