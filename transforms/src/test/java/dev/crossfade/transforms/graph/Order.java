package dev.crossfade.transforms.graph;

import java.time.Instant;

/** An event with an id, for the tests of this package. */
public record Order(Instant at, String shop, String id, long version, int items) {
  /** A record of an order as JSON. */
  static String json(String at, String shop, String id, long version, int items) {
    return "{\"at\":\"%s\",\"shop\":\"%s\",\"id\":\"%s\",\"version\":%d,\"items\":%d}"
        .formatted(at, shop, id, version, items);
  }
}
