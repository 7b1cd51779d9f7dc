package dev.crossfade.launcher.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** Writes the overrides of a command line into the settings of a file. */
final class Overrides {
  private final Tree.Branch settings;
  private final Problems problems;

  private Overrides(Tree.Branch settings, Problems problems) {
    this.settings = settings;
    this.problems = problems;
  }

  static void apply(List<String> overrides, Tree.Branch settings, Problems problems) {
    Overrides all = new Overrides(settings, problems);
    for (int i = 0; i < overrides.size(); i++) {
      all.apply(i + 1, overrides.get(i));
    }
  }

  private void apply(int number, String override) {
    int equals = override.indexOf('=');
    List<String> keys =
        equals < 0 ? List.of() : List.of(override.substring(0, equals).split("\\.", -1));
    if (keys.isEmpty() || keys.stream().anyMatch(String::isBlank)) {
      // Nothing of it is shown: without '=' there is no telling where a password begins.
      problems.add(
          new Location("--set", 0, 0),
          List.of(),
          "argument " + number + " is not path=value; expected an override such as window.size=1h");
      return;
    }
    write(path(keys), override.substring(equals + 1));
  }

  /** The keys of a path; where a map holds scalars by name, the name may have dots in it. */
  private static List<String> path(List<String> keys) {
    JsonNode schema = FlowSchema.root();
    for (int i = 0; i < keys.size(); i++) {
      if (i > 0 && FlowSchema.holdsScalarsByName(schema)) {
        return Paths.child(keys.subList(0, i), String.join(".", keys.subList(i, keys.size())));
      }
      schema = FlowSchema.childOfAny(schema, keys.get(i));
    }
    return keys;
  }

  private void write(List<String> path, String value) {
    Location location = Location.ofOverride(path);
    Optional<Tree.Leaf> leaf = leaf(location, value);
    if (leaf.isEmpty()) {
      problems.add(location, path, "has a quote that does not end, or more after it");
      return;
    }
    Tree.Branch branch = settings;
    for (String key : Paths.parent(path)) {
      Tree.Entry entry = branch.entries().get(key);
      if (entry == null || isNothing(entry.value())) {
        entry = new Tree.Entry(location, Tree.Branch.empty(location));
        branch.entries().put(key, entry);
      }
      if (!(entry.value() instanceof Tree.Branch next)) {
        problems.add(location, path, "unknown key; " + key + " takes a value, no keys");
        return;
      }
      branch = next;
    }
    branch.entries().put(path.get(path.size() - 1), new Tree.Entry(location, leaf.get()));
  }

  /**
   * A value as it would be after a colon in the file, except that no character is special in front
   * of a text without quotes: what a shell has let through is not to be lost as a comment or an
   * alias.
   */
  private static Optional<Tree.Leaf> leaf(Location location, String value) {
    return value.startsWith("'") || value.startsWith("\"")
        ? YamlReader.quoted(value).map(text -> new Tree.Leaf(location, text, false))
        : Optional.of(new Tree.Leaf(location, value.strip(), true));
  }

  private static boolean isNothing(Tree tree) {
    return tree instanceof Tree.Leaf leaf && leaf.isNothing();
  }
}
