package dev.crossfade.launcher.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Settings with variables replaced, scalars in the type that the schema expects, and defaults
 * filled in; beside it how each was written, so that an error never shows more than the file does.
 */
final class TypedTree {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Set<String> ADDRESSES = Set.of("url", "bootstrapServers");
  private static final Pattern USER_INFO_ANYWHERE =
      Pattern.compile("^.*(?<!" + Pattern.quote(Secret.MASK) + ")@", Pattern.DOTALL);
  private static final int MOST_SHOWN = 80;

  private final Tree.Branch written;
  private final Map<String, String> environment;
  private final Problems problems;
  private final JsonNode json;

  private TypedTree(Tree.Branch written, Map<String, String> environment, Problems problems) {
    this.written = written;
    this.environment = environment;
    this.problems = problems;
    this.json = branch(written, FlowSchema.root(), List.of());
  }

  static TypedTree of(Tree.Branch written, Map<String, String> environment, Problems problems) {
    return new TypedTree(written, environment, problems);
  }

  JsonNode json() {
    return json;
  }

  /** The value at a path, or a missing node. */
  JsonNode at(List<String> path) {
    JsonNode node = json;
    for (String key : path) {
      node = node.path(key);
    }
    return node;
  }

  /**
   * The length of time at a path; empty if there is none, or something is known to be wrong there.
   */
  Optional<Duration> duration(List<String> path, Problems known) {
    return known.at(path)
        ? Optional.empty()
        : Optional.ofNullable(at(path).textValue()).flatMap(DurationText::parse);
  }

  /** Where the value at a path was written, or else the nearest map around it. */
  Location location(List<String> path) {
    return written
        .find(path)
        .map(entry -> entry.value().location())
        .orElseGet(() -> keyLocation(Paths.parent(path)));
  }

  /** Where the key at the end of a path was written, or else the nearest one around it. */
  Location keyLocation(List<String> path) {
    return written.find(path).map(Tree.Entry::key).orElseGet(() -> keyLocation(Paths.parent(path)));
  }

  /** What was written at a path, in words; no variable is replaced and no secret shown. */
  String shown(List<String> path) {
    Optional<Tree> value = written.find(path).map(Tree.Entry::value);
    if (value.isEmpty()) {
      return "is not given";
    }
    return switch (kind(value.get(), path)) {
      case MAP -> "is a map";
      case LIST -> "is a list";
      case NOTHING -> "has no value";
      case SECRET -> "is " + Secret.MASK;
      case SCALAR -> "is \"" + shorten(masked(((Tree.Leaf) value.get()).written(), path)) + "\"";
    };
  }

  /**
   * The scalar at a path, to look for what was meant by it; nothing if a variable stands in it,
   * since what is near to its value says too much about it.
   */
  Optional<String> literal(List<String> path) {
    return written
        .find(path)
        .map(Tree.Entry::value)
        .filter(value -> value instanceof Tree.Leaf)
        .map(value -> ((Tree.Leaf) value).written())
        .filter(text -> !text.contains("${"));
  }

  private enum Kind {
    MAP,
    LIST,
    NOTHING,
    SECRET,
    SCALAR
  }

  private static Kind kind(Tree tree, List<String> path) {
    if (tree instanceof Tree.Leaf leaf) {
      if (leaf.isNothing()) {
        return Kind.NOTHING;
      }
      return isSecret(path) ? Kind.SECRET : Kind.SCALAR;
    }
    return tree instanceof Tree.Branch ? Kind.MAP : Kind.LIST;
  }

  private static boolean isSecret(List<String> path) {
    int last = path.size() - 1;
    return path.get(last).equals("password")
        || (last > 0
            && path.get(last - 1).equals("properties")
            && ClientProperties.isSecret(path.get(last)));
  }

  private static String masked(String written, List<String> path) {
    String masked = Address.mask(written);
    // An address can be so wrong that its credentials are not where they should be.
    return ADDRESSES.contains(path.get(path.size() - 1)) || Address.hasPassword(written)
        ? USER_INFO_ANYWHERE.matcher(masked).replaceFirst(Secret.MASK + "@")
        : masked;
  }

  private static String shorten(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.codePointCount(0, line.length()) <= MOST_SHOWN
        ? line
        : line.substring(0, line.offsetByCodePoints(0, MOST_SHOWN)) + "…";
  }

  private JsonNode typed(Tree tree, JsonNode schema, List<String> path) {
    if (tree instanceof Tree.Branch branch) {
      return branch(branch, schema, path);
    }
    return tree instanceof Tree.Leaf leaf ? leaf(leaf, schema, path) : NODES.arrayNode();
  }

  private JsonNode branch(Tree.Branch branch, JsonNode schema, List<String> path) {
    ObjectNode node = NODES.objectNode();
    JsonNode typeSchema = FlowSchema.child(FlowSchema.resolve(schema), "type");
    Tree.Entry type = branch.entries().get("type");
    if (type != null && typeSchema.has("enum")) {
      node.set("type", typed(type.value(), typeSchema, Paths.child(path, "type")));
    }
    JsonNode chosen = FlowSchema.choose(schema, node.path("type").asText());
    branch
        .entries()
        .forEach(
            (key, entry) -> {
              JsonNode childSchema = FlowSchema.child(chosen, key);
              if (childSchema.isMissingNode()) {
                // Its name is told as unknown; what it holds means nothing.
                node.set(key, NullNode.getInstance());
              } else if (!node.has(key)) {
                node.set(key, typed(entry.value(), childSchema, Paths.child(path, key)));
              }
            });
    fillIn(node, chosen);
    return node;
  }

  private static void fillIn(ObjectNode node, JsonNode schema) {
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              JsonNode byDefault = property.getValue().path("default");
              if (!byDefault.isMissingNode() && !node.has(property.getKey())) {
                JsonNode value = byDefault.deepCopy();
                if (value instanceof ObjectNode map) {
                  fillIn(map, FlowSchema.choose(property.getValue(), map.path("type").asText()));
                }
                node.set(property.getKey(), value);
              }
            });
  }

  private JsonNode leaf(Tree.Leaf leaf, JsonNode schema, List<String> path) {
    if (leaf.isNothing()) {
      return NullNode.getInstance();
    }
    String text;
    try {
      text = Placeholders.replace(leaf.written(), environment);
    } catch (Placeholders.PlaceholderException e) {
      problems.add(leaf.location(), path, e.getMessage());
      return NullNode.getInstance();
    }
    // Where text is expected, 007 and true are text also without quotes.
    return leaf.plain() && !FlowSchema.expectsText(schema)
        ? PlainScalar.resolve(text)
        : TextNode.valueOf(text);
  }
}
