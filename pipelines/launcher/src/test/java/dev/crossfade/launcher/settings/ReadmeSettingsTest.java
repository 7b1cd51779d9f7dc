package dev.crossfade.launcher.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The README's tables of settings and the schema say the same: which keys there are, which must be
 * there, and what holds without the others.
 */
class ReadmeSettingsTest {
  private static final Path README = Path.of("../../README.md");

  /** A key in bold or not, and a default in parentheses right behind it. */
  private static final Pattern KEY =
      Pattern.compile("(\\*\\*)?`([^`]+)`(?:\\*\\*)?(?: \\(`([^`]+)`\\))?");

  /** Keys that choose one of several kinds, whose keys have a table of their own. */
  private static final Set<String> CHOICES =
      Set.of("sources.batch", "sources.stream", "sink", "quality.NAME");

  /** Written by the code, since only one of the formats has it. */
  private static final Map<String, String> DEFAULTS_BEYOND_THE_SCHEMA = Map.of("delimiter", ",");

  @Test
  void theTableOfKeysIsTheSchema() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    for (String[] row : rows("| key | meaning | default |")) {
      String parent = "";
      for (Matcher key = KEY.matcher(row[1]); key.find(); ) {
        String path = key.group(2);
        if (path.startsWith(".")) {
          path = parent + path;
        } else if (!path.contains(".") && !parent.isEmpty()) {
          path = parent + "." + path;
        }
        parent = path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : "";
        Matcher byDefault = KEY.matcher(row[3]);
        documented.put(
            path, said(key.group(1) != null, byDefault.find() ? byDefault.group(2) : null));
      }
    }
    assertThat(documented.size(), is(greaterThan(20)));

    Map<String, String> known = new TreeMap<>();
    collect(FlowSchema.root(), "", true, known);
    assertThat(documented, is(known));
  }

  @Test
  void theTablesOfSourcesSinksAndRulesAreTheSchema() throws IOException {
    Map<String, Map<String, String>> documented = new TreeMap<>();
    for (String[] row : rows("| source or sink | keys |")) {
      documented.put(row[1].replace("`", "").strip(), keys(row[2]));
    }
    for (String[] row : rows("| rule | what it asks of a window | keys |")) {
      documented.put("rule " + row[1].replace("`", "").strip(), keys(row[3]));
    }

    Map<String, Map<String, String>> known = new TreeMap<>();
    JsonNode root = FlowSchema.root();
    kinds("batch", root.at("/properties/sources/properties/batch"), known);
    kinds("stream", root.at("/properties/sources/properties/stream"), known);
    kinds("sink", root.at("/properties/sink"), known);
    kinds("rule", root.at("/properties/quality/additionalProperties"), known);
    assertThat(known.size(), is(greaterThan(8)));
    assertThat(documented, is(known));
  }

  private static void kinds(String name, JsonNode schema, Map<String, Map<String, String>> known) {
    for (JsonNode type : schema.at("/properties/type/enum")) {
      JsonNode kind = FlowSchema.choose(schema, type.asText());
      Map<String, String> keys = new TreeMap<>();
      kind.path("properties")
          .properties()
          .forEach(
              key -> {
                if (!key.getKey().equals("type")) {
                  keys.put(
                      key.getKey(),
                      said(
                          isRequired(kind, key.getKey()),
                          byDefault(key.getValue())
                              .orElse(DEFAULTS_BEYOND_THE_SCHEMA.get(key.getKey()))));
                }
              });
      known.put(name + " type: " + type.asText(), keys);
    }
  }

  /** All keys below a schema that are no maps of keys themselves. */
  private static void collect(
      JsonNode schema, String path, boolean required, Map<String, String> known) {
    JsonNode resolved = FlowSchema.resolve(schema);
    if (resolved.path("properties").isEmpty() && resolved.path("additionalProperties").isObject()) {
      collect(resolved.get("additionalProperties"), path + ".NAME", false, known);
    } else if (resolved.path("properties").isEmpty() || CHOICES.contains(path)) {
      known.put(path, said(required, byDefault(schema).orElse(null)));
    } else {
      resolved
          .path("properties")
          .properties()
          .forEach(
              key ->
                  collect(
                      key.getValue(),
                      path.isEmpty() ? key.getKey() : path + "." + key.getKey(),
                      required && isRequired(resolved, key.getKey()),
                      known));
    }
  }

  private static boolean isRequired(JsonNode schema, String key) {
    Set<String> required = new LinkedHashSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    schema.path("oneOf").forEach(choice -> required.add(choice.at("/required/0").asText()));
    return required.contains(key);
  }

  private static Optional<String> byDefault(JsonNode schema) {
    JsonNode value = schema.path("default");
    if (value.isObject()) {
      return Optional.of(value.path("type").asText())
          .filter(type -> !type.isEmpty())
          .map(type -> "type: " + type);
    }
    return value.isMissingNode() ? Optional.empty() : Optional.of(value.asText());
  }

  private static Map<String, String> keys(String cell) {
    Map<String, String> keys = new TreeMap<>();
    // What stands in parentheses explains a key, unless it is its default.
    String plain = cell.replaceAll(" \\((?!`[^`]+`\\))[^)]*\\)", "").replaceAll(";.*", "");
    for (Matcher key = KEY.matcher(plain); key.find(); ) {
      keys.put(key.group(2), said(key.group(1) != null, key.group(3)));
    }
    return keys;
  }

  private static String said(boolean required, String byDefault) {
    return required ? "required" : byDefault == null ? "optional" : "default " + byDefault;
  }

  /** The rows of the table with this head; a cell is at its number, counted from 1. */
  private static List<String[]> rows(String head) throws IOException {
    List<String> lines = Files.readAllLines(README, UTF_8);
    List<String[]> rows = new ArrayList<>();
    for (int line = lines.indexOf(head) + 2; lines.get(line).startsWith("|"); line++) {
      rows.add(lines.get(line).split("\\|", -1));
    }
    return rows;
  }
}
