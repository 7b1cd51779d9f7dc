package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * Where the summary of a run is kept. A plain file is replaced as a whole, so that a scheduler
 * never reads half of it; a link stays a link, and what it leads to is written; a device, a pipe or
 * a descriptor is written to as it is.
 */
final class SummaryFile {
  private static final int MOST_LINKS = 40;

  private final Path named;
  private final Path target;
  private final Console console;

  private SummaryFile(Path named, Path target, Console console) {
    this.named = named;
    this.target = target;
    this.console = console;
  }

  /**
   * A summary in a file. Nothing is written yet, but that it can be is seen to.
   *
   * @param console what stands for the descriptors 1 and 2 of the process
   * @throws VerbException if it could not be written
   */
  static SummaryFile at(Path file, Console console) {
    SummaryFile summary = new SummaryFile(file, target(file), console);
    try {
      summary.requireWritable();
    } catch (IOException e) {
      throw summary.failure(e);
    }
    return summary;
  }

  /** What links lead to, up to a device, whose own links say nothing. */
  private static Path target(Path file) {
    Path target = file.toAbsolutePath().normalize();
    for (int links = 0; Files.isSymbolicLink(target) && !isDescriptor(target); links++) {
      try {
        target = target.resolveSibling(Files.readSymbolicLink(target)).normalize();
      } catch (IOException e) {
        throw new VerbException(
            ExitCode.UNAVAILABLE, "--summary: cannot follow the link " + target + ": " + e, e);
      }
      if (links >= MOST_LINKS) {
        throw new VerbException(
            ExitCode.UNAVAILABLE, "--summary: the link " + file + " leads to no file");
      }
    }
    return target;
  }

  private static boolean isDescriptor(Path path) {
    return path.startsWith("/dev") || path.startsWith("/proc");
  }

  private boolean isDescriptor(String name, int number) {
    String path = target.toString();
    return path.equals("/dev/" + name)
        || path.equals("/dev/fd/" + number)
        || path.equals("/proc/self/fd/" + number);
  }

  private void requireWritable() throws IOException {
    if (isDescriptor("stdout", 1) || isDescriptor("stderr", 2)) {
      return;
    }
    if (Files.isDirectory(target)) {
      throw new IOException("it is a directory");
    }
    if (Files.exists(target)) {
      if (!Files.isWritable(target)) {
        throw new IOException("it may not be written");
      }
    } else if (isDescriptor(target)) {
      throw new IOException("there is no such device or descriptor");
    }
    if (isReplaced()) {
      Files.createDirectories(target.getParent());
      // Whether a file can be made there is known for sure only when one was.
      Path half = create();
      Files.delete(half);
    }
  }

  /** Whether the summary takes a file's place; one in a directory of others is written into. */
  private boolean isReplaced() {
    return !isDescriptor(target)
        && (Files.exists(target)
            ? Files.isRegularFile(target) && Files.isWritable(target.getParent())
            : true);
  }

  /** A new file beside the target, with the rights that the target has or the umask gives. */
  private Path create() throws IOException {
    Path half =
        target.resolveSibling(
            "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    Files.deleteIfExists(half);
    Files.newOutputStream(half, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE).close();
    if (Files.exists(target)) {
      Set<PosixFilePermission> rights = Files.getPosixFilePermissions(target);
      Files.setPosixFilePermissions(half, rights);
    }
    return half;
  }

  /**
   * Writes the summary.
   *
   * @throws VerbException if it cannot be kept
   */
  void write(String text) {
    try {
      if (isDescriptor("stdout", 1)) {
        console.raw(text);
      } else if (isDescriptor("stderr", 2)) {
        console.progress(text.strip());
      } else if (isReplaced()) {
        Path half = create();
        Files.writeString(half, text);
        Files.move(
            half, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } else {
        writeInto(text);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void writeInto(String text) throws IOException {
    boolean isPlain = Files.isRegularFile(target) && !isDescriptor(target);
    try (OutputStream out =
        Files.newOutputStream(
            target,
            isPlain ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND,
            StandardOpenOption.WRITE)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private VerbException failure(IOException e) {
    boolean isLink = Files.exists(named, LinkOption.NOFOLLOW_LINKS) && !named.equals(target);
    return new VerbException(
        ExitCode.UNAVAILABLE,
        "--summary: cannot write "
            + named
            + (isLink ? " (" + target + ")" : "")
            + ": "
            + (e.getClass() == IOException.class ? e.getMessage() : e.toString()),
        e);
  }
}
