package dev.crossfade.io.files;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * Puts the files of a finished run in place of those of the run before. What is being put in place
 * is listed in a file first, so that whoever comes after a kill can bring it to its end.
 */
public final class FinishedFiles {
  /** What the name of a file ends in while it is not finished. */
  static final String PART = ".part";

  /** The list, which is there only while files are being put in place. */
  private static final String LIST = "in-place.list";

  private FinishedFiles() {}

  /**
   * Removes what a run that did not finish has left. What a finished run has left half in place is
   * put there first.
   */
  public static void discard(String prefix) throws IOException {
    if (!match(prefix + LIST).isEmpty()) {
      putInPlace(prefix);
    }
    FileSystems.delete(match(prefix + "*" + PART), StandardMoveOptions.IGNORE_MISSING_FILES);
  }

  /**
   * Renames the files of a finished run to their own names and removes those of the run before that
   * have no successor. Doing it again, also after a kill on the way, changes nothing.
   */
  public static void putInPlace(String prefix) throws IOException {
    if (match(prefix + LIST).isEmpty()) {
      if (match(prefix + "*" + PART).isEmpty()) {
        return;
      }
      list(prefix);
    }
    ResourceId list = FileSystems.matchNewResource(prefix + LIST, false);
    Set<String> names = new TreeSet<>();
    try (Reader in =
        new InputStreamReader(
            Channels.newInputStream(FileSystems.open(list)), StandardCharsets.UTF_8)) {
      new BufferedReader(in).lines().forEach(names::add);
    }
    List<ResourceId> parts = new ArrayList<>();
    List<ResourceId> finished = new ArrayList<>();
    for (ResourceId part : match(prefix + "*" + PART)) {
      String name = part.toString();
      String target = name.substring(0, name.length() - PART.length());
      if (names.contains(target)) {
        parts.add(part);
        finished.add(FileSystems.matchNewResource(target, false));
      }
    }
    FileSystems.rename(parts, finished, StandardMoveOptions.IGNORE_MISSING_FILES);
    List<ResourceId> stale = match(prefix + "*.jsonl");
    stale.removeIf(file -> names.contains(file.toString()));
    FileSystems.delete(stale, StandardMoveOptions.IGNORE_MISSING_FILES);
    FileSystems.delete(List.of(list), StandardMoveOptions.IGNORE_MISSING_FILES);
  }

  /** Writes the list of what is to be in place, under its own name only when it is whole. */
  static void list(String prefix) throws IOException {
    ResourceId part = FileSystems.matchNewResource(prefix + LIST + PART, false);
    FileSystems.delete(List.of(part), StandardMoveOptions.IGNORE_MISSING_FILES);
    List<ResourceId> parts = match(prefix + "*" + PART);
    try (Writer out =
        new OutputStreamWriter(
            Channels.newOutputStream(FileSystems.create(part, "text/plain")),
            StandardCharsets.UTF_8)) {
      for (ResourceId file : parts) {
        String name = file.toString();
        out.write(name.substring(0, name.length() - PART.length()) + '\n');
      }
    }
    FileSystems.rename(List.of(part), List.of(FileSystems.matchNewResource(prefix + LIST, false)));
  }

  private static List<ResourceId> match(String pattern) throws IOException {
    List<ResourceId> files = new ArrayList<>();
    for (MatchResult.Metadata file :
        FileSystems.match(pattern, EmptyMatchTreatment.ALLOW).metadata()) {
      files.add(file.resourceId());
    }
    return files;
  }
}
