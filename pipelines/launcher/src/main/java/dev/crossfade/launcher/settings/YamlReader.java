package dev.crossfade.launcher.settings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  /** The settings of a flow are some ten levels deep, and some hundred values. */
  private static final int MOST_DEPTH = 50;

  private static final int MOST_NODES = 5_000;

  /** In place of the size of a node that is being looked into. */
  private static final int OPEN = -1;

  private static final String TAG = "has a tag; a text that begins with ! has to be in quotes";

  private static final String END_OF_STREAM = "found unexpected end of stream";

  /** Problems quote the character that was found: one of a password, perhaps. */
  private static final Pattern FOUND_CHARACTER =
      Pattern.compile(",? but found .*\\([0-9]+\\)$", Pattern.DOTALL);

  private final String file;
  private final Problems problems;
  private final Resolver resolver = new Resolver();

  /** Nodes that hold themselves; each of them is made a tree once, and told of once. */
  private final Set<Node> endless = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Node> told = Collections.newSetFromMap(new IdentityHashMap<>());

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
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE); // The file's length is limited by who reads it.
    options.setNestingDepthLimit(MOST_DEPTH);
    ParserImpl parser = new ParserImpl(new StreamReader(text), options);
    try {
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
      if (!isOfUsualSize(node)) {
        return Optional.empty();
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
          String.format(Locale.ROOT, "YAML does not allow the character U+%04X", e.getCodePoint()));
    } catch (YAMLException e) {
      // Only the limit of the composer comes without a mark: it has the place that it stopped at.
      problems.add(
          Location.of(file, parser.peekEvent().getStartMark()),
          List.of(),
          "is within more than " + MOST_DEPTH + " others; expected the settings of a flow");
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
    if (problem.startsWith("Global tag is not allowed")) {
      return TAG;
    }
    if (problem.startsWith("found undefined alias")) {
      return "no anchor has this name; a text that begins with * has to be in quotes";
    }
    return "is not YAML: " + FOUND_CHARACTER.matcher(problem).replaceFirst("");
  }

  /**
   * Whether what the file stands for, each alias written out, is of a size that settings have. A
   * few lines of aliases of aliases stand for more than a machine can hold. Tells one problem if
   * not.
   */
  private boolean isOfUsualSize(Node root) {
    try {
      size(root, new IdentityHashMap<>());
      return true;
    } catch (TooLargeException e) {
      problems.add(
          Location.of(file, e.node.getStartMark()),
          List.of(),
          String.format(
              Locale.ROOT,
              "stands for more than %,d values, aliases written out; expected the settings of a"
                  + " flow",
              MOST_NODES));
      return false;
    }
  }

  /**
   * How many values a node stands for. Each node is looked into once: an alias comes after what it
   * stands for, so that is known by then, unless it is still open and so holds itself.
   */
  private int size(Node node, Map<Node, Integer> known) throws TooLargeException {
    Integer before = known.putIfAbsent(node, OPEN);
    if (before != null) {
      if (before == OPEN) {
        endless.add(node);
        return 1;
      }
      return before;
    }
    int size = 1;
    for (Node child : children(node)) {
      size += size(child, known);
      if (size > MOST_NODES) {
        throw new TooLargeException(node);
      }
    }
    known.put(node, size);
    return size;
  }

  private static List<Node> children(Node node) {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    List<Node> children = new ArrayList<>();
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        children.add(tuple.getKeyNode());
        children.add(tuple.getValueNode());
      }
    }
    return children;
  }

  /** A node that stands for more than settings have. */
  private static final class TooLargeException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Node node;

    TooLargeException(Node node) {
      this.node = node;
    }
  }

  private Tree tree(Node node, List<String> path) {
    Location location = Location.of(file, node.getStartMark());
    if (endless.contains(node) && !seen.add(node)) {
      if (told.add(node)) {
        problems.add(location, path, "the anchor holds itself");
      }
      return new Tree.Items(location);
    }
    if (node instanceof MappingNode mapping && mapping.getTag().equals(Tag.MAP)) {
      return branch(mapping, path);
    }
    if (node instanceof ScalarNode scalar && hasStandardTag(scalar)) {
      return new Tree.Leaf(
          location, scalar.getValue(), scalar.isPlain() && !isForcedToText(scalar));
    }
    if (!(node instanceof SequenceNode sequence && sequence.getTag().equals(Tag.SEQ))) {
      problems.add(location, path, TAG);
    }
    return new Tree.Items(location);
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
    List<Node> maps = node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node);
    for (Node map : maps) {
      if (map instanceof MappingNode && tree(map, path) instanceof Tree.Branch added) {
        added.entries().forEach(branch.entries()::putIfAbsent);
      } else if (!endless.contains(map)) {
        problems.add(
            Location.of(file, map.getStartMark()),
            Paths.child(path, MERGE),
            "is no map; expected an alias of a map");
      }
    }
  }
}
