package dev.crossfade.planted.transforms;

/** A violation: reads the nanosecond clock. */
final class ReadsNanoTime {
  private ReadsNanoTime() {}

  static long read() {
    return System.nanoTime();
  }
}
