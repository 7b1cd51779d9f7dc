package dev.crossfade.planted.migration;

import org.apache.beam.sdk.util.VarInt;

/** A violation: migration that knows Beam. */
public final class KnowsBeam {
  private KnowsBeam() {}

  /** Knows. */
  public static int length(long value) {
    return VarInt.getLength(value);
  }
}
