package dev.crossfade.runners.bench.parts;

import dev.crossfade.runners.bench.BenchOrder;
import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.EventTimes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The orders that the parts are given; the same in every virtual machine. */
final class Orders {
  /** As many as the sources put into a block. */
  static final int COUNT = 2_000;

  static final EventTimes TIMES =
      new EventTimes(
          "placed_at",
          null,
          Instant.parse("2001-01-01T00:00:00Z"),
          Instant.parse("2001-02-01T00:00:00Z"));

  private static final Instant START = Instant.parse("2001-01-05T00:00:00.001Z");
  private static final int SHOPS = 1_000;
  private static final long SEED = 42;
  private static final String NOTE = "left at the door, paid by card, no change";

  private Orders() {}

  /** The orders as they are when they are decoded. */
  static List<BenchOrder> all() {
    Random random = new Random(SEED);
    List<BenchOrder> orders = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      orders.add(
          new BenchOrder(
              "o-" + (100_000_000 + i),
              START.plusMillis(random.nextInt(30_000)),
              "shop-%04d".formatted(random.nextInt(SHOPS)),
              100 + random.nextInt(90_000)));
    }
    return orders;
  }

  /** The orders as a source gives them. */
  static Block block(Layout layout) {
    Block.Builder block = new Block.Builder("orders", layout.header());
    for (BenchOrder order : all()) {
      byte[] bytes =
          layout
              .write(order.id(), order.placedAt(), order.shop(), order.cents(), NOTE)
              .getBytes(StandardCharsets.UTF_8);
      block.add(block.size(), Block.UNREAD, Block.IN_TIME, bytes, 0, bytes.length);
    }
    return block.build();
  }

  /**
   * Refuses what is not as it should be.
   *
   * @throws IllegalStateException if the two differ
   */
  static void check(String what, long expected, long found) {
    if (found != expected) {
      throw new IllegalStateException(what + ": " + found + " instead of " + expected);
    }
  }
}
