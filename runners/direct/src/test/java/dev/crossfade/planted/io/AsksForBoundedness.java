package dev.crossfade.planted.io;

import org.apache.beam.sdk.values.PCollection;

/** No violation: io may ask whether an input is bounded. */
public final class AsksForBoundedness {
  private AsksForBoundedness() {}

  /** Asks. */
  public static boolean ask(PCollection<?> input) {
    return input.isBounded() == PCollection.IsBounded.BOUNDED;
  }
}
