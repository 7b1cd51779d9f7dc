package dev.crossfade.planted.launcher;

/** A violation: halts the process. */
final class HaltsProcess {
  private HaltsProcess() {}

  static void end() {
    Runtime.getRuntime().halt(1);
  }
}
