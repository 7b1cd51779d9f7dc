package dev.crossfade.runners.bench;

import java.time.Instant;

/**
 * An order as Crossfade decodes it.
 *
 * @param id its own, but for orders that are sent twice
 * @param placedAt the event time
 * @param shop the key
 * @param cents what was paid
 */
public record BenchOrder(String id, Instant placedAt, String shop, int cents) {
  /** Refuses what was not paid. */
  public BenchOrder {
    if (cents < 0) {
      throw new IllegalArgumentException("cents is " + cents);
    }
  }
}
