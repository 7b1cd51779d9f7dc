package dev.crossfade.runners.direct.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The packages as they lie in the modules' sources. */
final class SourcePackages {
  private SourcePackages() {}

  /** The project's directory, found from the module's, in which the tests run. */
  static Path project() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("transforms/src/main/java"))) {
      directory = directory.getParent();
    }
    return directory;
  }

  /** The directories below any {@code src/main/java} with classes but no package-info. */
  static List<Path> withoutDescription(Path project) throws IOException {
    Path sources = Path.of("src", "main", "java");
    try (Stream<Path> files = Files.walk(project)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(Path::getParent)
          .filter(
              directory -> project.relativize(directory).toString().contains(sources.toString()))
          .distinct()
          .filter(directory -> !Files.exists(directory.resolve("package-info.java")))
          .sorted()
          .toList();
    }
  }
}
