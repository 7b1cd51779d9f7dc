package dev.crossfade.runners.flink.crash;

import java.time.Instant;

/**
 * An order in a shop.
 *
 * @param id its own in all the world
 * @param placedAt when it was placed, the event time
 * @param shop the shop
 * @param cents what was paid
 */
public record Order(String id, Instant placedAt, String shop, String cents) {
  /** Refuses what is no amount. */
  public Order {
    if (!cents.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException("cents is '" + cents + "', which is no amount");
    }
  }

  /** What was paid. */
  int amount() {
    return Integer.parseInt(cents);
  }
}
