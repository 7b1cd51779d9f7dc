package dev.crossfade.launcher.lanes;

import dev.crossfade.io.files.FileInputs;
import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.migration.StoredLetter;
import dev.crossfade.transforms.graph.RecordProbe;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.results.EventWindow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which dead letters can be processed by now, and which windows change if they are.
 *
 * @param windows the closed windows that the letters belong to, in order
 * @param origins the letters in them
 * @param waiting how many belong to windows that are open
 * @param stillDead how many fail as before
 */
public record LetterReplay(
    List<EventWindow> windows, List<String> origins, long waiting, long stillDead) {
  /** Tries each letter on the flow as it is now. */
  public static LetterReplay of(
      PlannedFlow flow, Restatement restatement, List<StoredLetter> letters) {
    RecordFormat format = flow.formatOf(restatement.input());
    RecordProbe<?> probe = RecordProbe.of(flow.plan(), format);
    Map<String, String> headers = new HashMap<>();
    Map<EventWindow, List<String>> byWindow = new TreeMap<>();
    long stillDead = 0;
    for (StoredLetter letter : letters) {
      String header =
          format instanceof RecordFormat.Csv
              ? headers.computeIfAbsent(source(letter), file -> header(file, format))
              : "";
      byte[] bytes = new byte[letter.bytes().remaining()];
      letter.bytes().get(bytes);
      Optional<EventWindow> window = probe.windowOf(header, bytes);
      if (window.isPresent()) {
        byWindow.computeIfAbsent(window.get(), key -> new ArrayList<>()).add(letter.origin());
      } else {
        stillDead++;
      }
    }
    Set<EventWindow> open = new HashSet<>(restatement.open(byWindow.keySet()));
    List<String> origins = new ArrayList<>();
    long waiting = 0;
    for (Map.Entry<EventWindow, List<String>> entry : byWindow.entrySet()) {
      if (open.contains(entry.getKey())) {
        waiting += entry.getValue().size();
      } else {
        origins.addAll(entry.getValue());
      }
    }
    TreeSet<EventWindow> closed = new TreeSet<>(byWindow.keySet());
    closed.removeAll(open);
    return new LetterReplay(List.copyOf(closed), origins, waiting, stillDead);
  }

  private static String source(StoredLetter letter) {
    return letter.origin().substring(0, letter.origin().lastIndexOf(':'));
  }

  /** The header of a file, which its letters do not hold. */
  private static String header(String file, RecordFormat format) {
    try {
      return FileInputs.header(file, format);
    } catch (IOException e) {
      throw new VerbException(
          ExitCode.UNAVAILABLE, "cannot read the header of " + file + ": " + e.getMessage(), e);
    }
  }
}
