package dev.crossfade.planted.launcher;

/** A violation: Main is where the process begins, and nobody calls it. */
final class CallsMain {
  private CallsMain() {}

  static Class<?> known() {
    return Main.class;
  }
}
