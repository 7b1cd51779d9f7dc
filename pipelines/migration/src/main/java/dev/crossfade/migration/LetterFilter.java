package dev.crossfade.migration;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which dead letters are meant. What is empty lets every letter pass.
 *
 * @param cause what failed, such as {@code NumberFormatException}
 * @param since the first moment of those at which they were seen last
 * @param until the first moment after those
 * @param origin where the record was first seen, such as {@code flights[2]:1842}
 * @param statuses what was done about them
 * @param limit how many there may be at most; the first ones by their origin are taken
 */
public record LetterFilter(
    Optional<String> cause,
    Optional<Instant> since,
    Optional<Instant> until,
    Optional<String> origin,
    Set<LetterStatus> statuses,
    int limit) {
  /** Every letter about which nothing was done yet. */
  public static final LetterFilter OPEN =
      new LetterFilter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Set.of(LetterStatus.OPEN),
          Integer.MAX_VALUE);

  /** Refuses what no letter can pass. */
  public LetterFilter {
    statuses = Set.copyOf(statuses);
    if (limit < 1) {
      throw new IllegalArgumentException("cannot take " + limit + " letters; take 1 at least");
    }
    if (since.isPresent() && until.isPresent() && !since.get().isBefore(until.get())) {
      throw new IllegalArgumentException(
          "no letter is seen since " + since.get() + " and until " + until.get());
    }
  }

  /** Those of one cause. */
  public LetterFilter withCause(String cause) {
    return new LetterFilter(Optional.of(cause), since, until, origin, statuses, limit);
  }

  /** Those that were seen last at a moment or after it. */
  public LetterFilter since(Instant since) {
    return new LetterFilter(cause, Optional.of(since), until, origin, statuses, limit);
  }

  /** Those that were seen last before a moment. */
  public LetterFilter until(Instant until) {
    return new LetterFilter(cause, since, Optional.of(until), origin, statuses, limit);
  }

  /** The one of an origin. */
  public LetterFilter withOrigin(String origin) {
    return new LetterFilter(cause, since, until, Optional.of(origin), statuses, limit);
  }

  /** Those about which one of these things was done; without any, whatever was done. */
  public LetterFilter withStatus(LetterStatus... statuses) {
    return new LetterFilter(cause, since, until, origin, Set.of(statuses), limit);
  }

  /** The first ones. */
  public LetterFilter first(int limit) {
    return new LetterFilter(cause, since, until, origin, statuses, limit);
  }

  /** The condition on {@code crossfade.dead_letters}; its values go into the parameters. */
  String sql(List<Object> parameters) {
    StringBuilder sql = new StringBuilder("true");
    add(sql, " AND cause = ?", cause, parameters);
    add(sql, " AND last_seen >= ?", since, parameters);
    add(sql, " AND last_seen < ?", until, parameters);
    add(sql, " AND origin = ?", origin, parameters);
    if (!statuses.isEmpty()) {
      // The names of an enum, which hold no quote.
      sql.append(
          statuses.stream()
              .sorted()
              .map(status -> "'" + status.name() + "'")
              .collect(Collectors.joining(", ", " AND status IN (", ")")));
    }
    return sql.toString();
  }

  private static void add(
      StringBuilder sql, String condition, Optional<?> value, List<Object> parameters) {
    if (value.isPresent()) {
      sql.append(condition);
      parameters.add(value.get());
    }
  }
}
