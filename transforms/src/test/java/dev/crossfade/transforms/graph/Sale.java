package dev.crossfade.transforms.graph;

import java.math.BigDecimal;
import java.time.Instant;

/** An event for the tests of this package. */
public record Sale(Instant at, String shop, int items, BigDecimal amount) {
  /** Refuses a negative number of items. */
  public Sale {
    if (items < 0) {
      throw new IllegalArgumentException("items is " + items);
    }
  }

  /** A record of a sale as JSON. */
  static String json(String at, String shop, int items, String amount) {
    return "{\"at\":\"%s\",\"shop\":\"%s\",\"items\":%d,\"amount\":%s}"
        .formatted(at, shop, items, amount);
  }
}
