package dev.crossfade.sandbox;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something to close when the JVM ends on Ctrl-C or at the end of main, unless it was closed. */
final class ShutdownHook {
  private static final Logger LOG = LoggerFactory.getLogger(ShutdownHook.class);

  /** A part's way to stop. */
  interface Closing {
    void close() throws SandboxException;
  }

  private final Thread thread;

  private ShutdownHook(Thread thread) {
    this.thread = thread;
  }

  /**
   * Registers it. To be called before the part starts: once the JVM is ending nothing may start.
   *
   * @throws SandboxException if the JVM is ending already
   */
  static ShutdownHook register(String name, Closing closing) throws SandboxException {
    Thread thread =
        new Thread(
            () -> {
              try {
                closing.close();
              } catch (SandboxException | RuntimeException e) {
                // The JVM is ending; nobody is left who could catch it.
                LOG.error("{} failed", name, e);
              }
            },
            name);
    try {
      Runtime.getRuntime().addShutdownHook(thread);
    } catch (IllegalStateException e) {
      throw new SandboxException("the process is ending, nothing is started any more", e);
    }
    return new ShutdownHook(thread);
  }

  /** Takes it back, so that a closed part is not kept in memory. */
  void cancel() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException e) {
      LOG.trace("the JVM is ending: the hook is running, or finds the part closed", e);
    }
  }
}
