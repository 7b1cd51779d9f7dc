package dev.crossfade.planted.transforms;

import org.apache.beam.sdk.transforms.DoFn;

/** Holds a violation. */
class Holder {
  /** A violation: a DoFn for those who extend. */
  protected static class ProtectedFn extends DoFn<String, String> {
    private static final long serialVersionUID = 1L;

    /** Passes on. */
    @ProcessElement
    public void process(@Element String element, OutputReceiver<String> out) {
      out.output(element);
    }
  }
}
