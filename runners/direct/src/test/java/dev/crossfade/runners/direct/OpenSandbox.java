package dev.crossfade.runners.direct;

import dev.crossfade.sandbox.Sandbox;
import dev.crossfade.sandbox.SandboxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** One sandbox for all tests of this JVM; it closes itself when the JVM ends. */
final class OpenSandbox {
  private static Path directory;
  private static Sandbox sandbox;

  private OpenSandbox() {}

  /** Where the sandbox lives. */
  static synchronized Path directory() {
    open();
    return directory;
  }

  /** The sandbox's variables. */
  static synchronized Map<String, String> environment() {
    return open().environment();
  }

  // Not a static initializer: the sandbox reports from a thread of its own, which would wait for
  // it.
  private static synchronized Sandbox open() {
    if (sandbox == null) {
      try {
        directory = Files.createTempDirectory("crossfade-direct");
        sandbox = Sandbox.open(directory, progress -> {});
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (SandboxException e) {
        throw new IllegalStateException(e);
      }
    }
    return sandbox;
  }
}
