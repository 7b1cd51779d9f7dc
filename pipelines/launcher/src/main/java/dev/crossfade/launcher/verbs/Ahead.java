package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.lanes.RunnerOptions;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.migration.Database;

/**
 * Loads what every verb needs that works on a flow, while the command line is still being read.
 * Most of what a brief verb takes is the loading of classes, and there is more than one processor.
 */
final class Ahead {
  private Ahead() {}

  static void load() {
    start("settings", Settings::prepare);
    start("database", Database::prepare);
  }

  /** Loads what a verb needs beside that if it computes something. */
  static void loadBeam() {
    start("beam", RunnerOptions::prepare);
  }

  private static void start(String what, Runnable prepare) {
    Thread thread = new Thread(prepare, "loads-" + what);
    thread.setDaemon(true);
    // Whoever needs what cannot be loaded comes to the same error, and tells it.
    thread.setUncaughtExceptionHandler((failed, e) -> {});
    thread.start();
  }
}
