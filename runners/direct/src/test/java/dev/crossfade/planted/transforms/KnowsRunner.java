package dev.crossfade.planted.transforms;

import org.apache.beam.runners.direct.DirectRunner;

/** A violation: a transform that knows a runner. */
final class KnowsRunner {
  private KnowsRunner() {}

  static Class<?> runner() {
    return DirectRunner.class;
  }
}
