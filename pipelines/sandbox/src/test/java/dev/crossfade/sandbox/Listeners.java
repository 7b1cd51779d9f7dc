package dev.crossfade.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The addresses that a process listens on, as Linux tells them. */
final class Listeners {
  static final Path TABLES = Path.of("/proc/net/tcp");

  private Listeners() {}

  /** Addresses in Linux's own hexadecimal writing; both versions of IP. */
  static List<String> of(long pid) throws IOException {
    return fields(pid).map(field -> field.substring(0, field.indexOf(':'))).toList();
  }

  /** The ports that it listens on. */
  static Set<Integer> portsOf(long pid) throws IOException {
    return fields(pid)
        .map(field -> Integer.valueOf(field.substring(field.indexOf(':') + 1), 16))
        .collect(Collectors.toSet());
  }

  private static Stream<String> fields(long pid) throws IOException {
    Set<String> sockets = new HashSet<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (Path descriptor : descriptors.toList()) {
        // Files come and go while a process is looked at.
        if (Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS)) {
          String target = Files.readSymbolicLink(descriptor).toString();
          if (target.startsWith("socket:[")) {
            sockets.add(target.substring("socket:[".length(), target.length() - 1));
          }
        }
      }
    }
    return Stream.of(TABLES, Path.of("/proc/net/tcp6"))
        .filter(Files::exists)
        .flatMap(Listeners::lines)
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> fields[3].equals("0A") && sockets.contains(fields[9]))
        .map(fields -> fields[1]);
  }

  private static Stream<String> lines(Path table) {
    try {
      return Files.readAllLines(table).stream().skip(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
