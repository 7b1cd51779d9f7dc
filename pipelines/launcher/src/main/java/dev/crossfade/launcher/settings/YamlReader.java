package dev.crossfade.launcher.settings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads YAML into a {@link Tree}. It composes nodes by itself, since Jackson's parser gives aliases
 * as text, forgets where keys were, and stops at the first key that is given twice.
 */
final class YamlReader {
  private static final String MERGE = "<<";

  private static final String END_OF_STREAM = "found unexpected end of stream";

  /** Problems quote the character that was found: one of a password, perhaps. */
  private static final Pattern FOUND_CHARACTER =
      Pattern.compile(",? but found .*\\([0-9]+\\)$", Pattern.DOTALL);

  private final String file;
  private final Problems problems;
  private final Resolver resolver = new Resolver();
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

  private YamlReader(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /** The map that the text holds; nothing, and a problem told, if it holds none. */
  static Optional<Tree.Branch> read(String file, String text, Problems problems) {
    return new YamlReader(file, problems).read(text);
  }

  /** What a text in quotes stands for; nothing if it is not exactly one text in quotes. */
  static Optional<String> quoted(String text) {
    LoaderOptions options = new LoaderOptions();
    Composer composer =
        new Composer(new ParserImpl(new StreamReader(text), options), new Resolver(), options);
    try {
      return composer.getSingleNode() instanceof ScalarNode scalar && !scalar.isPlain()
          ? Optional.of(scalar.getValue())
          : Optional.empty();
    } catch (YAMLException e) {
      // What is wrong with it is told by the caller, without its text.
      return Optional.empty();
    }
  }

  private Optional<Tree.Branch> read(String text) {
    try {
      LoaderOptions options = new LoaderOptions();
      ParserImpl parser = new ParserImpl(new StreamReader(text), options);
      Composer composer = new Composer(parser, resolver, options);
      Node node = composer.checkNode() ? composer.getNode() : null;
      if (node == null || node.getTag().equals(Tag.NULL)) {
        problems.add(start(), List.of(), "the file is empty; expected the settings of a flow");
        return Optional.empty();
      }
      if (composer.checkNode()) {
        problems.add(
            Location.of(file, parser.peekEvent().getStartMark()),
            List.of(),
            "a second document begins; expected one, so the settings of one flow");
      }
      Tree tree = tree(node, List.of());
      if (tree instanceof Tree.Branch branch) {
        return Optional.of(branch);
      }
      problems.add(tree.location(), List.of(), "is no map; expected a map such as flow: flights");
    } catch (MarkedYAMLException e) {
      problems.add(syntaxLocation(e), List.of(), syntaxProblem(e.getProblem()));
    } catch (ReaderException e) {
      problems.add(
          locationOf(text, e.getPosition()),
          List.of(),
          String.format("YAML does not allow the character U+%04X", e.getCodePoint()));
    } catch (YAMLException e) {
      // Only the limits of the parser come without a mark; what they say quotes nothing.
      problems.add(start(), List.of(), "is not read: " + e.getMessage());
    }
    return Optional.empty();
  }

  private Location start() {
    return new Location(file, 1, 1);
  }

  private Location locationOf(String text, int codePoints) {
    String before = text.substring(0, text.offsetByCodePoints(0, codePoints));
    int lineStart = before.lastIndexOf('\n') + 1;
    return new Location(
        file,
        (int) before.chars().filter(c -> c == '\n').count() + 1,
        before.codePointCount(lineStart, before.length()) + 1);
  }

  private Location syntaxLocation(MarkedYAMLException e) {
    // A quote that does not end is best looked for where it began, which is the context.
    Mark mark =
        e.getProblem().equals(END_OF_STREAM) && e.getContextMark() != null
            ? e.getContextMark()
            : e.getProblemMark();
    return mark == null ? start() : Location.of(file, mark);
  }

  private static String syntaxProblem(String problem) {
    if (problem.contains("(TAB)")) {
      return "a tab; YAML is indented with spaces";
    }
    if (problem.equals(END_OF_STREAM)) {
      return "a quote that does not end";
    }
    if (problem.startsWith("found character")) {
      return "no value begins with this character; put the text in quotes";
    }
    if (problem.startsWith("found undefined alias")) {
      return "no anchor has this name; a text that begins with * has to be in quotes";
    }
    return "is not YAML: " + FOUND_CHARACTER.matcher(problem).replaceFirst("");
  }

  private Tree tree(Node node, List<String> path) {
    Location location = Location.of(file, node.getStartMark());
    if (!open.add(node)) {
      problems.add(location, path, "the anchor holds itself");
      return new Tree.Items(location);
    }
    try {
      if (node instanceof MappingNode mapping && mapping.getTag().equals(Tag.MAP)) {
        return branch(mapping, path);
      }
      if (node instanceof ScalarNode scalar && hasStandardTag(scalar)) {
        return new Tree.Leaf(
            location, scalar.getValue(), scalar.isPlain() && !isForcedToText(scalar));
      }
      if (!(node instanceof SequenceNode sequence && sequence.getTag().equals(Tag.SEQ))) {
        problems.add(location, path, "has a tag; a text that begins with ! has to be in quotes");
      }
      return new Tree.Items(location);
    } finally {
      open.remove(node);
    }
  }

  private boolean hasStandardTag(ScalarNode scalar) {
    return scalar.getTag().equals(Tag.STR) || scalar.getTag().equals(impliedTag(scalar));
  }

  private boolean isForcedToText(ScalarNode scalar) {
    return scalar.getTag().equals(Tag.STR) && !impliedTag(scalar).equals(Tag.STR);
  }

  private Tag impliedTag(ScalarNode scalar) {
    return resolver.resolve(NodeId.scalar, scalar.getValue(), scalar.isPlain());
  }

  private Tree.Branch branch(MappingNode mapping, List<String> path) {
    Tree.Branch branch = Tree.Branch.empty(Location.of(file, mapping.getStartMark()));
    List<Node> merged = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Location keyLocation = Location.of(file, tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
        problems.add(keyLocation, path, "a key is a map or a list; expected a name");
        continue;
      }
      if (keyNode.isPlain() && keyNode.getValue().equals(MERGE)) {
        merged.add(tuple.getValueNode());
        continue;
      }
      List<String> childPath = Paths.child(path, keyNode.getValue());
      Tree value = tree(tuple.getValueNode(), childPath);
      Tree.Entry first = branch.entries().get(keyNode.getValue());
      if (first == null) {
        branch.entries().put(keyNode.getValue(), new Tree.Entry(keyLocation, value));
      } else {
        problems.add(keyLocation, childPath, "is given twice; first in line " + first.key().line());
      }
    }
    merged.forEach(node -> merge(branch, node, path));
    return branch;
  }

  /** Adds what {@code <<} brings: keys that the map has itself win, then those merged first. */
  private void merge(Tree.Branch branch, Node node, List<String> path) {
    if (node instanceof SequenceNode sequence) {
      sequence.getValue().forEach(item -> merge(branch, item, path));
    } else if (tree(node, path) instanceof Tree.Branch added) {
      added.entries().forEach(branch.entries()::putIfAbsent);
    } else {
      problems.add(
          Location.of(file, node.getStartMark()),
          Paths.child(path, MERGE),
          "is no map; expected an alias of a map");
    }
  }
}
