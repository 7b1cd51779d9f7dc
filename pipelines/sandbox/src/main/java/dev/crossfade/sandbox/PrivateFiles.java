package dev.crossfade.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and directories that only their owner may read. */
final class PrivateFiles {
  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private PrivateFiles() {}

  /** Creates the directory and its missing parents, and says what is wrong when it cannot. */
  static Path directory(Path directory) throws SandboxException {
    try {
      Files.createDirectories(directory, DIRECTORY);
      Path real = directory.toRealPath();
      if (!Files.isWritable(real)) {
        throw new SandboxException(
            "the directory "
                + real
                + " is not writable for user "
                + System.getProperty("user.name")
                + "; give another directory, or the right to write there");
      }
      return real;
    } catch (IOException e) {
      throw new SandboxException(
          "cannot create the directory "
              + directory.toAbsolutePath()
              + " ("
              + e
              + "); the sandbox needs a directory of its own that user "
              + System.getProperty("user.name")
              + " may write to",
          e);
    } catch (UnsupportedOperationException e) {
      throw new SandboxException(
          "the file system of "
              + directory.toAbsolutePath()
              + " knows no files that only their owner may read; the sandbox runs on Linux and macOS",
          e);
    }
  }

  /**
   * As {@link #directory}, for one that belongs to a server alone: nobody else may look into it,
   * whoever has made it.
   */
  static Path part(Path directory) throws SandboxException {
    Path real = directory(directory);
    try {
      Files.setPosixFilePermissions(real, DIRECTORY.value());
      return real;
    } catch (IOException e) {
      throw new SandboxException("cannot keep others out of the directory " + real + ": " + e, e);
    }
  }

  /** Writes the file in one step: a reader finds the whole text or no file. */
  static void write(Path file, String text) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(whole);
    try (FileChannel channel =
        FileChannel.open(
            whole, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE)) {
      Channels.newOutputStream(channel).write(text.getBytes(UTF_8));
      channel.force(true);
    }
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Opens the file for reading and writing, and creates it when missing. */
  static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
        FILE);
  }

  /** Deletes the directory and all below it; links are deleted, not followed. */
  static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
