package dev.crossfade.io.files;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;

/**
 * The files that a run reads, chosen once before it begins.
 *
 * <p>A path that is there as it is written names that file, whatever characters it has. Any other
 * is a glob with {@code *}, <code>**</code>, {@code ?}, {@code [...]}, <code>{...}</code> and
 * {@code \} before a character that is meant as it is; of its directories, those that are there as
 * they are written are taken so. A glob leaves out directories, hidden files (whose names, or those
 * of directories below the glob, begin with {@code .} or {@code _}, unless the glob's do too), and
 * further names of one file. Whatever else it matches must be a file that can be read.
 *
 * @param files the files, in the order of their names
 * @param leftOut what a glob matched and is not read, with the reason
 */
public record FileSelection(List<InputFile> files, List<String> leftOut) {
  private static final String GLOB_CHARACTERS = "*?[]{}\\";
  private static final int MOST_NAMED = 5;

  /** A copy that does not change. */
  public FileSelection {
    files = List.copyOf(files);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * Chooses the files.
   *
   * @param pattern an absolute path or glob, or a URI of a Beam file system
   * @throws IOException if there is none, or one of them cannot be read; the message says which
   */
  public static FileSelection of(String pattern) throws IOException {
    return isLocal(pattern) ? ofLocal(localPath(pattern).toString()) : ofRemote(pattern);
  }

  /** Whether a path is one of this machine, and no URI of another file system. */
  static boolean isLocal(String path) {
    return path.startsWith("/") || path.startsWith("file:/") || !path.contains("://");
  }

  /** A path of this machine, which may be written as a URI. */
  static Path localPath(String path) {
    return Path.of(path.replaceFirst("^file:/+", "/"));
  }

  private static FileSelection ofRemote(String pattern) throws IOException {
    String name = pattern.substring(pattern.lastIndexOf('/') + 1);
    boolean isGlob = hasGlobCharacter(pattern);
    List<InputFile> files = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (MatchResult.Metadata file :
        FileSystems.match(pattern, EmptyMatchTreatment.DISALLOW).metadata()) {
      String path = file.resourceId().toString();
      String own = String.valueOf(file.resourceId().getFilename());
      if (isGlob && isHidden(own, name)) {
        leftOut.add(path + " (hidden)");
      } else {
        files.add(
            new InputFile(path, file.sizeBytes(), file.isReadSeekEfficient(), InputFile.UNKNOWN));
      }
    }
    files.sort(Comparator.comparing(InputFile::path));
    return new FileSelection(files, leftOut).requireAny(pattern);
  }

  private static FileSelection ofLocal(String pattern) throws IOException {
    Path whole = Path.of(pattern).toAbsolutePath();
    if (Files.exists(whole, LinkOption.NOFOLLOW_LINKS)) {
      Optional<String> wrong = whatIsWrong(whole);
      if (wrong.isPresent()) {
        throw new IOException(whole + " " + wrong.get());
      }
      BasicFileAttributes attributes = Files.readAttributes(whole, BasicFileAttributes.class);
      return new FileSelection(List.of(InputFile.of(whole, attributes)), List.of());
    }
    Path base = whole.getRoot();
    int depth = 0;
    while (depth < whole.getNameCount() - 1
        && Files.isDirectory(base.resolve(whole.getName(depth)))) {
      base = base.resolve(whole.getName(depth++));
    }
    Path rest = whole.subpath(depth, whole.getNameCount());
    if (!hasGlobCharacter(rest.toString())) {
      throw new IOException(
          "no file " + whole + ": " + base + " has no " + rest.getName(0) + " in it");
    }
    return new Glob(base, rest).select().requireAny(pattern);
  }

  /** Why a path cannot be read as a file, as the end of a sentence; empty if it can. */
  static Optional<String> whatIsWrong(Path path) {
    if (!Files.exists(path)) {
      return Optional.of("is a link to what is not there");
    }
    if (Files.isDirectory(path)) {
      return Optional.of("is a directory; name the files in it, such as " + path + "/*.csv");
    }
    if (!Files.isRegularFile(path)) {
      return Optional.of(
          "is a pipe or a device; input is read more than once, so put it into a file");
    }
    return Files.isReadable(path) ? Optional.empty() : Optional.of("may not be read");
  }

  private FileSelection requireAny(String pattern) throws IOException {
    if (files.isEmpty()) {
      throw new IOException(
          "no file matches "
              + pattern
              + (leftOut.isEmpty()
                  ? ""
                  : " but what a glob leaves out: "
                      + some(leftOut)
                      + "; name a file in full to have it read"));
    }
    return this;
  }

  private static String some(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMED)))
        + (names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "");
  }

  private static boolean hasGlobCharacter(String text) {
    return text.chars().anyMatch(character -> GLOB_CHARACTERS.indexOf(character) >= 0);
  }

  /** Whether a name is hidden from a pattern, which may begin with the same character. */
  private static boolean isHidden(String name, String pattern) {
    return (name.startsWith(".") || name.startsWith("_"))
        && !pattern.startsWith(name.substring(0, 1));
  }

  /** Walks the directories that a glob may match something in. */
  private static final class Glob extends SimpleFileVisitor<Path> {
    private final Path base;
    private final Path pattern;
    private final boolean isDeep;
    private final PathMatcher matcher;
    private final Map<Path, BasicFileAttributes> matched = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();

    Glob(Path base, Path pattern) throws IOException {
      this.base = base;
      this.pattern = pattern;
      this.isDeep = pattern.toString().contains("**");
      try {
        this.matcher = base.getFileSystem().getPathMatcher("glob:" + pattern);
      } catch (PatternSyntaxException e) {
        throw new IOException(
            "no file " + base.resolve(pattern) + ", nor is that a glob: " + e.getMessage(), e);
      }
    }

    FileSelection select() throws IOException {
      int depth = isDeep ? Integer.MAX_VALUE : pattern.getNameCount();
      Files.walkFileTree(base, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, this);
      if (!wrong.isEmpty()) {
        throw new IOException(
            base.resolve(pattern) + " matches what cannot be read: " + some(wrong));
      }
      List<InputFile> files = new ArrayList<>();
      Map<Object, Path> known = new HashMap<>();
      matched.keySet().stream()
          // A file itself before links to it.
          .sorted(Comparator.comparing(Files::isSymbolicLink).thenComparing(Path::toString))
          .forEach(
              path -> {
                BasicFileAttributes attributes = matched.get(path);
                Path same =
                    attributes.fileKey() == null
                        ? null
                        : known.putIfAbsent(attributes.fileKey(), path);
                if (same == null) {
                  files.add(InputFile.of(path, attributes));
                } else {
                  leftOut.add(path + " (the same file as " + same + ")");
                }
              });
      files.sort(Comparator.comparing(InputFile::path));
      return new FileSelection(files, leftOut);
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      if (!directory.equals(base) && isHidden(base.relativize(directory))) {
        leftOut.add(directory + " (hidden)");
        return FileVisitResult.SKIP_SUBTREE;
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      Path name = base.relativize(file);
      if (!matcher.matches(name)) {
        return FileVisitResult.CONTINUE;
      }
      if (isHidden(name)) {
        leftOut.add(file + " (hidden)");
      } else if (attributes.isDirectory()) {
        leftOut.add(file + " (a directory)");
      } else {
        whatIsWrong(file)
            .ifPresentOrElse(
                why -> wrong.add(file + " " + why), () -> matched.put(file, attributes));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      // What a link leads back to is walked through already.
      if (!(e instanceof FileSystemLoopException) && !isHidden(base.relativize(file))) {
        wrong.add(file + " cannot be looked into: " + e);
      }
      return FileVisitResult.CONTINUE;
    }

    private boolean isHidden(Path name) {
      for (int i = 0; i < name.getNameCount(); i++) {
        boolean isLast = i == name.getNameCount() - 1;
        String own =
            isDeep
                ? isLast ? pattern.getFileName().toString() : ""
                : i < pattern.getNameCount() ? pattern.getName(i).toString() : "";
        if (FileSelection.isHidden(name.getName(i).toString(), own)) {
          return true;
        }
      }
      return false;
    }
  }
}
