package dev.crossfade.planted.transforms;

import org.apache.beam.sdk.transforms.Deduplicate;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

/** A violation: uses Beam's Deduplicate. */
final class UsesDeduplicate {
  private UsesDeduplicate() {}

  static PTransform<PCollection<String>, PCollection<String>> make() {
    return Deduplicate.values();
  }
}
