package dev.crossfade.launcher.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells what the schema refuses, in the words of the schema's titles. The validator's own messages
 * quote values, which may be secret, and say what is wrong but seldom what would be right.
 */
final class SchemaCheck {
  private final TypedTree settings;
  private final Problems problems;

  /** Keys that were probably meant by an unknown key, so that they are not told as missing too. */
  private final Set<List<String>> meant = new HashSet<>();

  private SchemaCheck(TypedTree settings, Problems problems) {
    this.settings = settings;
    this.problems = problems;
  }

  static void check(TypedTree settings, Problems problems) {
    new SchemaCheck(settings, problems).check(FlowSchema.validate(settings.json()));
  }

  private void check(Set<ValidationMessage> messages) {
    messages.stream().filter(m -> isAbout(m, "additionalProperties")).forEach(this::unknownKey);
    for (ValidationMessage message : messages) {
      List<String> path = path(message.getInstanceLocation());
      if (message.getEvaluationPath().contains("oneOf")) {
        exactlyOne(path, schemaOf(message));
      } else if (isAbout(message, "required")) {
        missingKey(Paths.child(path, message.getProperty()), schemaOf(message));
      } else if (!isAbout(message, "additionalProperties") && !problems.at(path)) {
        wrongValue(message, path);
      }
    }
  }

  private static boolean isAbout(ValidationMessage message, String keyword) {
    return message.getType().equals(keyword);
  }

  private static List<String> path(JsonNodePath location) {
    List<String> path = new ArrayList<>();
    for (int i = 0; i < location.getNameCount(); i++) {
      path.add(location.getElement(i).toString());
    }
    return List.copyOf(path);
  }

  /** The schema that holds the keyword which refused. */
  private static JsonNode schemaOf(ValidationMessage message) {
    StringBuilder pointer = new StringBuilder();
    for (String key : Paths.parent(path(message.getSchemaLocation().getFragment()))) {
      pointer.append('/').append(key.replace("~", "~0").replace("/", "~1"));
    }
    return FlowSchema.at(pointer.toString());
  }

  private void unknownKey(ValidationMessage message) {
    List<String> map = path(message.getInstanceLocation());
    List<String> path = Paths.child(map, message.getProperty());
    List<String> known = FlowSchema.knownKeys(schemaOf(message));
    Optional<String> nearest = Nearest.to(Paths.shown(List.of(message.getProperty())), known);
    nearest.ifPresent(key -> meant.add(Paths.child(map, key)));
    problems.add(
        settings.keyLocation(path),
        path,
        "unknown key; "
            + nearest.map(key -> "did you mean " + key + "? ").orElse("")
            + "known keys here: "
            + String.join(", ", known));
  }

  private void missingKey(List<String> path, JsonNode schema) {
    if (!meant.contains(path) && !problems.at(path)) {
      JsonNode child = schema.path("properties").path(path.get(path.size() - 1));
      problems.add(
          settings.keyLocation(path), path, "is missing; expected " + FlowSchema.expected(child));
    }
  }

  /** The validator tells one failed choice in several messages; all of them end here. */
  private void exactlyOne(List<String> path, JsonNode schema) {
    List<String> keys = new ArrayList<>();
    schema.path("oneOf").forEach(choice -> keys.add(choice.at("/required/0").asText()));
    if (keys.isEmpty()
        || problems.at(path)
        || keys.stream().anyMatch(key -> meant.contains(Paths.child(path, key)))) {
      return;
    }
    boolean any = keys.stream().anyMatch(key -> isWritten(Paths.child(path, key)));
    problems.add(
        settings.keyLocation(path),
        path,
        (any ? "has more than one of " : "has none of ")
            + String.join(", ", keys)
            + "; expected exactly one");
  }

  private boolean isWritten(List<String> path) {
    return !settings.at(path).isMissingNode();
  }

  private void wrongValue(ValidationMessage message, List<String> path) {
    JsonNode schema = schemaOf(message);
    switch (message.getType()) {
      case "not" ->
          problems.add(
              settings.keyLocation(path), path, "is refused: " + FlowSchema.expected(schema));
      case "minProperties" ->
          problems.add(
              settings.keyLocation(path),
              path,
              "is empty; expected at least one of "
                  + String.join(", ", FlowSchema.knownKeys(schema)));
      default ->
          problems.add(
              settings.location(path),
              path,
              settings.shown(path)
                  + "; expected "
                  + FlowSchema.expected(schema)
                  + hint(path, schema));
    }
  }

  private String hint(List<String> path, JsonNode schema) {
    if (schema.has("enum")) {
      List<String> values = new ArrayList<>();
      schema.get("enum").forEach(value -> values.add(value.asText()));
      return settings
          .literal(path)
          .flatMap(text -> Nearest.to(text, values))
          .map(value -> "; did you mean " + value + "?")
          .orElse("");
    }
    // A text at which the type is wrong and not the text itself: a number or a boolean in quotes.
    return settings.at(path).isTextual()
            && !FlowSchema.expectsText(schema)
            && !PlainScalar.resolve(settings.at(path).textValue()).isTextual()
        ? "; leave out the quotes"
        : "";
  }
}
