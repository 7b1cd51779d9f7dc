package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.migration.LetterFilter;
import dev.crossfade.migration.LetterStatus;
import dev.crossfade.migration.Store;
import dev.crossfade.migration.StoredLetter;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import picocli.CommandLine.Option;

/** Which dead letters are meant. */
final class LetterOptions {
  @Option(
      names = "--lane",
      paramLabel = "LANE",
      description = "The lane: batch or stream (default: both in list and show, and else stream).")
  private String lane;

  @Option(
      names = "--cause",
      paramLabel = "NAME",
      description = "Only those of a cause, such as UndecodableException.")
  private String cause;

  @Option(
      names = "--since",
      paramLabel = "INSTANT",
      description = "Only those last seen at this instant or later.")
  private String since;

  @Option(
      names = "--until",
      paramLabel = "INSTANT",
      description = "Only those last seen before this instant.")
  private String until;

  @Option(
      names = "--origin",
      paramLabel = "ORIGIN",
      description = "Only the one of an origin, such as flights[2]:1842.")
  private String origin;

  /** The one lane whose letters something is done about. */
  String lane() {
    return lane == null ? "stream" : lane;
  }

  /** The letters of the lane that was named, or of every lane, that a filter lets pass. */
  List<StoredLetter> find(Store store, String flow, LetterFilter filter) {
    return lane == null ? store.letters(flow, filter) : store.letters(flow, lane, filter);
  }

  /** Where {@link #find} looks, in words. */
  String where() {
    return lane == null ? "no lane has any" : "the lane " + lane + " has no";
  }

  /** The letters about which nothing was done yet. */
  LetterFilter open() {
    LetterFilter filter = LetterFilter.OPEN;
    try {
      filter = cause == null ? filter : filter.withCause(cause);
      filter = origin == null ? filter : filter.withOrigin(origin);
      filter = since == null ? filter : filter.since(instant("--since", since));
      filter = until == null ? filter : filter.until(instant("--until", until));
      return filter;
    } catch (IllegalArgumentException e) {
      throw new VerbException(ExitCode.USAGE, e.getMessage(), e);
    }
  }

  /** The letters, whatever was done about them. */
  LetterFilter all() {
    return open().withStatus(LetterStatus.values());
  }

  private static Instant instant(String option, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new VerbException(
          ExitCode.USAGE,
          option + " is '" + text + "'; expected an instant such as 2001-01-01T00:00:00Z",
          e);
    }
  }
}
