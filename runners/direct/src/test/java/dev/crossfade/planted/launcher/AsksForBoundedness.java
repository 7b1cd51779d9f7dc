package dev.crossfade.planted.launcher;

import org.apache.beam.sdk.values.PCollection;

/** A violation: asks whether an input is bounded outside io. */
final class AsksForBoundedness {
  private AsksForBoundedness() {}

  static boolean ask(PCollection<?> input) {
    return input.isBounded() == PCollection.IsBounded.BOUNDED;
  }
}
