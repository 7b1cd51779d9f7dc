package dev.crossfade.launcher.scratch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory for the temporary files of one process, which nobody else may read. It is gone when
 * the process has ended, on Ctrl-C too; that of a process that was killed is gone once the next one
 * begins.
 *
 * <p>Who lives holds a lock on a file in it. A lock is gone with its process, whatever ended it;
 * the number of a process says less, since another one may have it by now, or another container.
 */
public final class ScratchDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ScratchDirectory.class);

  /** What the directories are called, here and in the script that starts Crossfade. */
  private static final String PREFIX = "crossfade-run-";

  /** The system property by which the script names the directory that it has made. */
  private static final String MADE = "crossfade.scratch";

  private static final String TEMPORARY = "java.io.tmpdir";
  private static final String LOCK = "lock";

  /** A process that has made its directory has locked it long before. */
  private static final Duration LOCKED_BY = Duration.ofMinutes(2);

  /** How long others of this process are given to end, which still write when it does. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A sandbox that closes asks first PostgreSQL and then Kafka to end. */
  private static final Duration OTHERS_END_IN = Duration.ofSeconds(60);

  private static final List<String> ENDING =
      List.of("closing the sandbox", "stopping PostgreSQL", "crossfade-run-ending");

  /** Those of this process. To open a lock of its own and close it again would give it away. */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;
  private final Thread hook;
  private final String before;

  private ScratchDirectory(Path path, FileChannel channel, String before) {
    this.path = path;
    this.channel = channel;
    this.before = before;
    this.hook = new Thread(this::deleteLast, "crossfade-scratch");
  }

  /**
   * Makes the directory of this process, and whoever asks Java for the place of temporary files is
   * given it from here on. Deletes what processes that are gone have left.
   *
   * <p>Java itself looks at that place only once, as the process begins. What asks Java for a
   * temporary file gets it in the directory only if the process was started with it, as the script
   * does.
   *
   * @throws IOException if no directory can be made where temporary files are
   */
  public static ScratchDirectory open() throws IOException {
    String base = System.getProperty(TEMPORARY);
    String made = System.getProperty(MADE);
    boolean given = base.equals(made);
    Path path =
        (given ? Path.of(made) : Files.createTempDirectory(Path.of(base), PREFIX)).toAbsolutePath();
    OURS.add(path);
    // Under its name it is locked from the first moment.
    Path unlocked = path.resolve(LOCK + ".new");
    FileChannel channel =
        FileChannel.open(unlocked, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      throw new IOException("somebody else has locked the new file " + unlocked);
    }
    Files.move(unlocked, path.resolve(LOCK));
    ScratchDirectory scratch = new ScratchDirectory(path, channel, base);
    Runtime.getRuntime().addShutdownHook(scratch.hook);
    System.setProperty(TEMPORARY, path.toString());
    sweep(path.getParent(), Files.getOwner(path));
    if (made != null && !given && Path.of(made).getFileName().toString().startsWith(PREFIX)) {
      // A person has named another place than the script, whose directory is of no use then.
      Files.deleteIfExists(Path.of(made));
    }
    return scratch;
  }

  /** The directory. */
  public Path path() {
    return path;
  }

  /** Deletes it, with all that is in it. Does nothing the second time. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.trace("the process is ending: the hook deletes it", e);
      return;
    }
    System.setProperty(TEMPORARY, before);
    delete();
  }

  /** What ends with the process may write until it has ended, and would make it anew. */
  private void deleteLast() {
    long begun = System.nanoTime();
    while (othersAreEnding() && System.nanoTime() - begun < OTHERS_END_IN.toNanos()) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    delete();
  }

  /**
   * Whether another hook of this process is at work, by the names that ours and the sandbox's have.
   */
  private static boolean othersAreEnding() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> ENDING.stream().anyMatch(thread.getName()::startsWith));
  }

  private synchronized void delete() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      deleteOf(path);
      channel.close();
      OURS.remove(path);
    } catch (IOException e) {
      LOG.warn("temporary files are left in {}; the next command tries again: {}", path, e);
    }
  }

  /** Others of this process may still be writing, in what is deleted under their hands. */
  private static void deleteOf(Path path) throws IOException {
    long begun = System.nanoTime();
    while (true) {
      try {
        deleteTree(path);
        return;
      } catch (DirectoryNotEmptyException e) {
        if (System.nanoTime() - begun > PATIENCE.toNanos()) {
          throw e;
        }
      }
    }
  }

  /** Deletes the directories of this user's processes that are gone. */
  private static void sweep(Path base, UserPrincipal user) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(base, PREFIX + "*")) {
      for (Path path : all) {
        if (!OURS.contains(path)
            && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
            && Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(user)) {
          sweep(path);
        }
      }
    } catch (IOException e) {
      LOG.debug("temporary files in {} are left for the next command", base, e);
    }
  }

  private static void sweep(Path path) {
    try (FileChannel lock =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      // Held until all is gone, so that two that sweep do not get in each other's way.
      if (lock.tryLock() != null) {
        deleteTree(path);
      }
    } catch (NoSuchFileException e) {
      sweepUnlocked(path);
    } catch (OverlappingFileLockException e) {
      LOG.trace("{} is of this process", path, e);
    } catch (IOException e) {
      LOG.debug("temporary files in {} are left for the next command", path, e);
    }
  }

  /** One that is being made, or whose process was killed before it had locked it. */
  private static void sweepUnlocked(Path path) {
    try {
      Instant changed = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
      if (changed.isBefore(Instant.now().minus(LOCKED_BY))) {
        deleteTree(path);
      }
    } catch (IOException e) {
      LOG.debug("temporary files in {} are left for the next command", path, e);
    }
  }

  /** Deletes links and not what they name. The lock goes last, and with it the right to delete. */
  private static void deleteTree(Path root) throws IOException {
    Path lock = root.resolve(LOCK);
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
              if (!file.equals(lock)) {
                Files.deleteIfExists(file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              // Its owner has deleted it meanwhile.
              if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e)
                throws IOException {
              if (e != null && !(e instanceof NoSuchFileException)) {
                throw e;
              }
              if (directory.equals(root)) {
                Files.deleteIfExists(lock);
              }
              Files.deleteIfExists(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException e) {
      LOG.trace("{} is gone", root, e);
    }
  }
}
