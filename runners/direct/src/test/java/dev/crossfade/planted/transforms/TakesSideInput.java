package dev.crossfade.planted.transforms;

import java.util.List;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/** A violation: makes a side input. */
final class TakesSideInput {
  private TakesSideInput() {}

  static PCollectionView<List<String>> of(PCollection<String> names) {
    return names.apply(View.asList());
  }
}
