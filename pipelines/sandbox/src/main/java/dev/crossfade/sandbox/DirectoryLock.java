package dev.crossfade.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The right of one process to a sandbox's directory. The operating system gives it back when the
 * process dies, however it dies.
 *
 * <p>A process must ask only about directories that it does not hold itself: closing any channel on
 * the file gives up the lock of the whole process.
 */
final class DirectoryLock implements AutoCloseable {
  private static final String NAME = "sandbox.lock";

  /** Somebody who only looks whether the lock is held holds it for an instant. */
  private static final int ATTEMPTS = 5;

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock and notes in it who has it; empty if another process has it. */
  static Optional<DirectoryLock> take(Path directory) throws IOException {
    FileChannel channel = PrivateFiles.open(directory.resolve(NAME));
    try {
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          channel.truncate(0);
          channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)));
          return Optional.of(new DirectoryLock(channel));
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return Optional.empty();
  }

  /** Whether a live process other than this one has the lock. */
  static boolean isHeldByAnother(Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return lock == null;
    }
  }

  /** The process that noted itself last, which is the holder if there is one. */
  static String holder(Path directory) throws IOException {
    return Files.readString(directory.resolve(NAME), UTF_8).strip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
