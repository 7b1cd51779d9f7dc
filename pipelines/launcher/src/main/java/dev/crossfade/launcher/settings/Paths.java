package dev.crossfade.launcher.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Paths of settings: the keys from the top of the file down. */
final class Paths {
  private static final Pattern NO_PART_OF_A_NAME = Pattern.compile("[\\s:='\"].*", Pattern.DOTALL);

  private Paths() {}

  static List<String> child(List<String> path, String key) {
    List<String> child = new ArrayList<>(path);
    child.add(key);
    return List.copyOf(child);
  }

  static List<String> parent(List<String> path) {
    return path.subList(0, path.size() - 1);
  }

  /**
   * A path as it may be shown. Where a colon or the space after it was forgotten, a password has
   * become part of a key: nothing is shown from there on.
   */
  static String shown(List<String> path) {
    return path.stream()
        .map(key -> NO_PART_OF_A_NAME.matcher(key).replaceFirst("…"))
        .collect(Collectors.joining("."));
  }
}
