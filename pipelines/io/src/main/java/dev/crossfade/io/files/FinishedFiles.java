package dev.crossfade.io.files;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * Puts the files of a finished run in place of those of the run before. What is being put in place
 * is listed in a file first, so that whoever comes after a kill can bring it to its end.
 *
 * <p>Names are literal: whatever characters a directory has in its name, no other one is meant.
 */
public final class FinishedFiles {
  /** What the name of a file ends in while it is not finished. */
  static final String PART = ".part";

  private static final String LINES = ".jsonl";

  /** The list, which is there only while files are being put in place. */
  private static final String LIST = "in-place.list";

  private FinishedFiles() {}

  /**
   * Removes what a run that did not finish has left. What a finished run has left half in place is
   * put there first.
   *
   * @param prefix the directory, ending in a slash
   */
  public static void discard(String prefix) throws IOException {
    if (files(prefix).containsKey(LIST)) {
      finish(prefix);
    }
    delete(prefix, files(prefix).keySet().stream().filter(name -> name.endsWith(PART)).toList());
  }

  /**
   * Renames the files of a finished run to their own names and removes those of the run before that
   * have no successor. Whoever is killed on the way leaves it to {@link #discard}.
   *
   * @param prefix the directory, ending in a slash
   * @param names the names of all files that the run has written
   * @throws IOException if one of them is not there, in which case nothing is changed, or did not
   *     come to its place as it was written
   */
  public static void putInPlace(String prefix, Collection<String> names) throws IOException {
    Map<String, Long> written = files(prefix);
    List<String> missing =
        names.stream().filter(name -> !written.containsKey(name + PART)).sorted().toList();
    if (!missing.isEmpty()) {
      throw new IOException(
          "the run has left "
              + (names.size() - missing.size())
              + " of "
              + names.size()
              + " files in "
              + prefix
              + "; there is no "
              + missing.get(0)
              + PART
              + ". Workers have to write where the process that starts the run looks");
    }
    list(prefix, names);
    finish(prefix);
    Map<String, Long> inPlace = files(prefix);
    for (String name : names) {
      if (!written.get(name + PART).equals(inPlace.get(name))) {
        throw new IOException(
            prefix
                + name
                + " has "
                + (inPlace.containsKey(name) ? inPlace.get(name) + " bytes" : "not come there")
                + ", and "
                + written.get(name + PART)
                + " were written");
      }
    }
  }

  /** Whether files of results that are in place have any line. */
  public static boolean holdResults(String prefix) throws IOException {
    return files(prefix).entrySet().stream()
        .anyMatch(
            file ->
                file.getKey().startsWith(WriteToFiles.RESULTS)
                    && file.getKey().endsWith(LINES)
                    && file.getValue() > 0);
  }

  /** Goes by the list. Doing it again, also after a kill on the way, changes nothing. */
  private static void finish(String prefix) throws IOException {
    Set<String> names = new TreeSet<>();
    try (Reader in =
        new InputStreamReader(
            Channels.newInputStream(FileSystems.open(resource(prefix, LIST))),
            StandardCharsets.UTF_8)) {
      new BufferedReader(in).lines().forEach(names::add);
    }
    Map<String, Long> there = files(prefix);
    rename(prefix, names.stream().filter(name -> there.containsKey(name + PART)).toList());
    List<String> stale = new ArrayList<>();
    for (String name : there.keySet()) {
      if (name.endsWith(LINES) && !names.contains(name)) {
        stale.add(name);
      }
    }
    delete(prefix, stale);
    delete(prefix, List.of(LIST));
  }

  /** Writes the list of what is to be in place, under its own name only when it is whole. */
  static void list(String prefix, Collection<String> names) throws IOException {
    ResourceId part = resource(prefix, LIST + PART);
    try (Writer out =
        new OutputStreamWriter(
            Channels.newOutputStream(FileSystems.create(part, "text/plain")),
            StandardCharsets.UTF_8)) {
      for (String name : names) {
        out.write(name + '\n');
      }
    }
    rename(prefix, List.of(LIST));
  }

  // Beam's local file system takes a name for a pattern when it renames or deletes what may be
  // missing, and has no way to say that a character is no wildcard.

  /** Takes the ending off the names of files that are not finished. */
  private static void rename(String prefix, List<String> names) throws IOException {
    if (!FileSelection.isLocal(prefix)) {
      FileSystems.rename(
          names.stream().map(name -> resource(prefix, name + PART)).toList(),
          names.stream().map(name -> resource(prefix, name)).toList());
      return;
    }
    Path directory = FileSelection.localPath(prefix);
    for (String name : names) {
      Files.move(
          directory.resolve(name + PART),
          directory.resolve(name),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void delete(String prefix, List<String> names) throws IOException {
    if (FileSelection.isLocal(prefix)) {
      for (String name : names) {
        Files.deleteIfExists(FileSelection.localPath(prefix).resolve(name));
      }
    } else {
      FileSystems.delete(names.stream().map(name -> resource(prefix, name)).toList());
    }
  }

  private static ResourceId resource(String prefix, String name) {
    return FileSystems.matchNewResource(prefix + name, false);
  }

  /** The names of the files in a directory, and how many bytes they have. */
  private static Map<String, Long> files(String prefix) throws IOException {
    Map<String, Long> files = new TreeMap<>();
    if (FileSelection.isLocal(prefix)) {
      Path directory = FileSelection.localPath(prefix);
      if (Files.isDirectory(directory)) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
          for (Path file : all) {
            if (Files.isRegularFile(file)) {
              files.put(file.getFileName().toString(), Files.size(file));
            }
          }
        }
      }
      return files;
    }
    String literally = prefix.replaceAll("[*?\\[\\]{}\\\\]", "\\\\$0");
    for (MatchResult.Metadata file :
        FileSystems.match(literally + "*", EmptyMatchTreatment.ALLOW).metadata()) {
      String path = file.resourceId().toString();
      if (path.startsWith(prefix)) {
        files.put(path.substring(prefix.length()), file.sizeBytes());
      }
    }
    return files;
  }
}
