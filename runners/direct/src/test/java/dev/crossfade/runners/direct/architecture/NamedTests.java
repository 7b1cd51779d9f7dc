package dev.crossfade.runners.direct.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tests that a page names, as {@code ClassName.method}. */
final class NamedTests {
  private static final Pattern NAME = Pattern.compile("\\b[A-Z]\\w*(Test|IT)\\.\\w+");

  private static final Pattern TEST =
      Pattern.compile("@(Test|TestFactory|ParameterizedTest|Property)\\b");

  private NamedTests() {}

  /** The names in a text. */
  static Set<String> in(String text) {
    return NAME.matcher(text)
        .results()
        .map(name -> name.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Those in a text that no test source of the project has. */
  static List<String> missing(Path project, String text) throws IOException {
    List<String> missing = new ArrayList<>();
    for (String name : in(text)) {
      String[] parts = name.split("\\.", 2);
      if (!exists(project, parts[0], parts[1])) {
        missing.add(name);
      }
    }
    return missing;
  }

  private static boolean exists(Path project, String type, String method) throws IOException {
    Pattern declared = Pattern.compile("(void|>) " + method + "\\(");
    for (Path file : sourcesOf(project, type)) {
      for (String member : Files.readString(file).split("\n {2}}\n", -1)) {
        if (TEST.matcher(member).find() && declared.matcher(member).find()) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<Path> sourcesOf(Path project, String type) throws IOException {
    Path tests = Path.of("src", "test", "java");
    try (Stream<Path> files = Files.walk(project)) {
      return files
          .filter(file -> file.endsWith(type + ".java"))
          .filter(file -> project.relativize(file).toString().contains(tests.toString()))
          .toList();
    }
  }
}
