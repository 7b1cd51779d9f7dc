package dev.crossfade.planted.launcher;

/** No violation: Main may end the process. */
final class Main {
  private Main() {}

  static void end() {
    System.exit(0);
  }
}
