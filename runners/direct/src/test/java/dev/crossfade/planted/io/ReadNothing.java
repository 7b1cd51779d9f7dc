package dev.crossfade.planted.io;

import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PDone;

/** No violation: a composite as it should be. */
final class ReadNothing extends PTransform<PBegin, PDone> {
  private static final long serialVersionUID = 1L;

  @Override
  public PDone expand(PBegin begin) {
    return PDone.in(begin.getPipeline());
  }
}
