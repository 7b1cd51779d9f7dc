package dev.crossfade.planted.transforms.testing;

import java.util.Random;

/** A violation: the test kit draws what nobody can draw again. */
final class DrawsWithoutSeed {
  private DrawsWithoutSeed() {}

  static int draw() {
    return new Random().nextInt();
  }
}
