package dev.crossfade.planted.transforms.testing;

import java.util.Random;

/** No violation: the test kit may draw by a seed. */
final class DrawsBySeed {
  private DrawsBySeed() {}

  static int draw(long seed) {
    return new Random(seed).nextInt();
  }
}
