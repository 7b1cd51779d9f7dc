package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.aggregation.Partial;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.transforms.Combine.CombineFn;

/** Adds partial results up. The accumulators are immutable, as a runner's snapshots ask for. */
final class SumPartialsFn extends CombineFn<Partial, Partial, Partial> {
  private static final long serialVersionUID = 1L;

  @Override
  public Partial createAccumulator() {
    return Partial.NOTHING;
  }

  @Override
  public Partial addInput(Partial accumulator, Partial input) {
    return accumulator.plus(input);
  }

  @Override
  public Partial mergeAccumulators(Iterable<Partial> accumulators) {
    Partial sum = Partial.NOTHING;
    for (Partial accumulator : accumulators) {
      sum = sum.plus(accumulator);
    }
    return sum;
  }

  @Override
  public Partial extractOutput(Partial accumulator) {
    return accumulator;
  }

  @Override
  public Coder<Partial> getAccumulatorCoder(CoderRegistry registry, Coder<Partial> inputCoder) {
    return new PartialCoder();
  }

  @Override
  public Coder<Partial> getDefaultOutputCoder(CoderRegistry registry, Coder<Partial> inputCoder) {
    return new PartialCoder();
  }
}
