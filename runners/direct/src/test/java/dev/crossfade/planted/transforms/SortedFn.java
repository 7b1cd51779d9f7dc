package dev.crossfade.planted.transforms;

import org.apache.beam.sdk.transforms.DoFn;

/** A violation: asks for its input in the order of event time. */
final class SortedFn extends DoFn<String, String> {
  private static final long serialVersionUID = 1L;

  @ProcessElement
  @RequiresTimeSortedInput
  public void process(@Element String element, OutputReceiver<String> out) {
    out.output(element);
  }
}
