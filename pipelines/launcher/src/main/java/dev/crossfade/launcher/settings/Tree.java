package dev.crossfade.launcher.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings as they were written, each with its place: YAML that nobody has given a meaning yet. */
sealed interface Tree {
  /** Where the value begins. */
  Location location();

  /**
   * A map. It can still change: overrides are written into it.
   *
   * @param entries by key, in the file's order
   */
  record Branch(Location location, Map<String, Entry> entries) implements Tree {
    static Branch empty(Location location) {
      return new Branch(location, new LinkedHashMap<>());
    }

    /** What is at a path below this map, if anything is. */
    Optional<Entry> find(List<String> path) {
      Optional<Entry> entry = Optional.of(new Entry(location, this));
      for (String key : path) {
        entry =
            entry.flatMap(
                above ->
                    above.value() instanceof Branch branch
                        ? Optional.ofNullable(branch.entries.get(key))
                        : Optional.empty());
      }
      return entry;
    }
  }

  /**
   * A key with its value.
   *
   * @param key where the key begins
   */
  record Entry(Location key, Tree value) {}

  /**
   * A scalar.
   *
   * @param written its text, without quotes, before any variable is replaced
   * @param plain whether it stood without quotes, so that it may be a number, a boolean or nothing
   */
  record Leaf(Location location, String written, boolean plain) implements Tree {
    /** Whether it says that there is no value. */
    boolean isNothing() {
      return plain && PlainScalar.isNull(written);
    }
  }

  /** A list. No setting is one, so what it holds does not matter. */
  record Items(Location location) implements Tree {}
}
