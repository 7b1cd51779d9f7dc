package dev.crossfade.planted.transforms;

import org.apache.beam.sdk.transforms.DoFn;

/** No violation: a DoFn as it should be. */
final class GoodFn extends DoFn<String, String> {
  private static final long serialVersionUID = 1L;

  /** Passes on. */
  @ProcessElement
  public void process(@Element String element, OutputReceiver<String> out) {
    out.output(element);
  }
}
