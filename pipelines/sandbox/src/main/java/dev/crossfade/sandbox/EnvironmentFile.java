package dev.crossfade.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How to connect to an open sandbox, as a file that a shell can read with a dot. */
final class EnvironmentFile {
  private static final String NAME = "sandbox.env";
  private static final Pattern LINE = Pattern.compile("export (\\w+)='(.*)'");

  /** How a shell takes a quote within quotes. */
  private static final String QUOTE = "'\\''";

  private EnvironmentFile() {}

  static Path in(Path directory) {
    return directory.resolve(NAME);
  }

  /** A text as a shell takes it for one word, whatever is in it. */
  static String quoted(String text) {
    return "'" + text.replace("'", QUOTE) + "'";
  }

  static void write(Path directory, Map<String, String> environment) throws IOException {
    StringBuilder text = new StringBuilder();
    environment.forEach(
        (name, value) ->
            text.append("export ").append(name).append('=').append(quoted(value)).append('\n'));
    PrivateFiles.write(in(directory), text.toString());
  }

  /** What the file says, or empty if there is none. */
  static Optional<Map<String, String>> read(Path directory) throws IOException {
    Map<String, String> environment = new LinkedHashMap<>();
    try {
      for (String line : Files.readAllLines(in(directory), UTF_8)) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
          throw new IOException(
              in(directory) + " has a line that is not export NAME='value': it was edited");
        }
        environment.put(matcher.group(1), matcher.group(2).replace(QUOTE, "'"));
      }
      return Optional.of(environment);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  static void delete(Path directory) throws IOException {
    Files.deleteIfExists(in(directory));
  }
}
