package dev.crossfade.planted.launcher;

/** A violation: ends the process below Main. */
final class EndsProcess {
  private EndsProcess() {}

  static void end() {
    System.exit(1);
  }
}
