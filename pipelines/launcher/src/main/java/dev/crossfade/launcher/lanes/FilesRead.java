package dev.crossfade.launcher.lanes;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a run did with the files that its source names.
 *
 * @param read the files that it has read
 * @param leftOut what a glob matched and was not read, with the reason
 * @param damaged the files that could not be read to their end, and what was wrong; what is missing
 *     of each is a dead letter
 */
public record FilesRead(List<String> read, List<String> leftOut, List<String> damaged) {
  private static final int MOST_NAMED = 5;

  /** A copy that does not change. */
  public FilesRead {
    read = List.copyOf(read);
    leftOut = List.copyOf(leftOut);
    damaged = List.copyOf(damaged);
  }

  /** What there is to tell of it, each on a line; nothing if one file was read as it is. */
  public List<String> text() {
    List<String> lines = new ArrayList<>();
    if (read.size() > 1 || !leftOut.isEmpty()) {
      lines.add(
          "files: read " + some(read) + (leftOut.isEmpty() ? "" : "; left out " + some(leftOut)));
    }
    damaged.forEach(file -> lines.add("DAMAGED: " + file));
    return lines;
  }

  private static String some(List<String> names) {
    return names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
        + (names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "");
  }
}
