package dev.crossfade.planted.io;

import java.util.logging.Logger;

/** A violation: logs with the JDK's logger. */
final class LogsElsewhere {
  private LogsElsewhere() {}

  static String name() {
    return Logger.getLogger("planted").getName();
  }
}
