package dev.crossfade.planted.transforms;

import org.apache.beam.sdk.transforms.DoFn;

/** A violation: a DoFn that does not say so. */
final class Upper extends DoFn<String, String> {
  private static final long serialVersionUID = 1L;

  /** Passes on. */
  @ProcessElement
  public void process(@Element String element, OutputReceiver<String> out) {
    out.output(element);
  }
}
