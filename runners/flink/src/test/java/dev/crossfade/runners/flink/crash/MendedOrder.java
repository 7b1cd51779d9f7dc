package dev.crossfade.runners.flink.crash;

import java.time.Instant;

/**
 * An {@link Order} whose amount may be written with a comma, as {@code 12,34}. It is taken for the
 * same content as {@code 1234}: which of two conflicting duplicates counts does not change.
 */
public record MendedOrder(String id, Instant placedAt, String shop, String cents) {
  /** Refuses what is no amount. */
  public MendedOrder {
    if (!cents.matches("[0-9]{1,7},[0-9]{2}|[0-9]{1,9}")) {
      throw new IllegalArgumentException("cents is '" + cents + "', which is no amount");
    }
    cents = cents.replace(",", "");
  }

  /** What was paid. */
  int amount() {
    return Integer.parseInt(cents);
  }
}
