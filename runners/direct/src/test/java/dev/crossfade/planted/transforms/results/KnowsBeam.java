package dev.crossfade.planted.transforms.results;

import org.apache.beam.sdk.util.VarInt;

/** A violation: results that know Beam. */
public final class KnowsBeam {
  private KnowsBeam() {}

  /** Knows. */
  public static int length(long value) {
    return VarInt.getLength(value);
  }
}
