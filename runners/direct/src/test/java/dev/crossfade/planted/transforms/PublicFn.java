package dev.crossfade.planted.transforms;

import org.apache.beam.sdk.transforms.DoFn;

/** A violation: a DoFn for all the world. */
public final class PublicFn extends DoFn<String, String> {
  private static final long serialVersionUID = 1L;

  /** Passes on. */
  @ProcessElement
  public void process(@Element String element, OutputReceiver<String> out) {
    out.output(element);
  }
}
