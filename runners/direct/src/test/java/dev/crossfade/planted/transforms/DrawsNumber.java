package dev.crossfade.planted.transforms;

import java.util.Random;

/** A violation: draws a random number, even if by a seed. */
final class DrawsNumber {
  private DrawsNumber() {}

  static int draw(long seed) {
    return new Random(seed).nextInt();
  }
}
