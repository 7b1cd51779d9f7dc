package dev.crossfade.planted.io;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A violation: calls its logger by another name. */
final class LoggerOfAnotherName {
  private static final Logger LOGGER = LoggerFactory.getLogger(LoggerOfAnotherName.class);

  private LoggerOfAnotherName() {}

  static String name() {
    return LOGGER.getName();
  }
}
