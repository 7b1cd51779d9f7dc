package dev.crossfade.io.files;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What lines a text has, said in another way than the code under test says it. */
final class TextLines {
  private static final Pattern LINE = Pattern.compile("([^\r\n]*)(\r*\n|\r|\\z)");

  /** Fields between commas, of which those in quotes may hold CRs. */
  private static final String FIELD =
      "(?:\"(?:[^\"\n]|\"\")*+(?:\"[^,\r\n]*)?|[^\",\r\n][^,\r\n]*|)";

  private static final Pattern CSV_LINE =
      Pattern.compile("(" + FIELD + "(?:," + FIELD + ")*+)(\r*\n|\r|\\z)");

  private TextLines() {}

  static List<String> of(String text, boolean isCsv) {
    List<String> lines = new ArrayList<>();
    String rest = text.startsWith("\uFEFF") ? text.substring(1) : text;
    Pattern pattern = isCsv ? CSV_LINE : LINE;
    while (!rest.isEmpty()) {
      Matcher line = pattern.matcher(rest);
      if (!line.lookingAt()) {
        throw new IllegalStateException("no line: " + rest);
      }
      boolean endsInLf = line.group(2).endsWith("\n");
      lines.add(endsInLf ? line.group(1).replaceFirst("\r+\\z", "") : line.group(1));
      rest = rest.substring(line.end());
      if (line.group(2).equals("\r")) {
        pattern = lines.size() == 1 ? LINE : pattern;
      }
    }
    return lines;
  }
}
