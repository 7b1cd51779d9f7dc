package dev.crossfade.launcher.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The JSON schema of a settings file, {@code flow.schema.json}. It is the one place that knows the
 * keys, the defaults and what is expected of a value; the code asks it, and so can an editor.
 */
final class FlowSchema {
  private static final String RESOURCE = "flow.schema.json";
  private static final JsonNode ROOT = read();
  private static final JsonSchema VALIDATOR =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(ROOT);

  private FlowSchema() {}

  private static JsonNode read() {
    try (InputStream in = FlowSchema.class.getResourceAsStream(RESOURCE)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " cannot be read from the class path", e);
    }
  }

  /** Reads the schema, and loads what a validation takes. */
  static void prepare() {
    Set<ValidationMessage> unused = validate(ROOT);
  }

  static JsonNode root() {
    return ROOT;
  }

  static Set<ValidationMessage> validate(JsonNode settings) {
    return VALIDATOR.validate(settings);
  }

  /** The part of the schema at a pointer such as {@code /$defs/zone}. */
  static JsonNode at(String pointer) {
    return ROOT.at(pointer);
  }

  /** The definition that a schema refers to, or the schema itself. */
  static JsonNode resolve(JsonNode schema) {
    return schema.has("$ref") ? ROOT.at(schema.get("$ref").textValue().substring(1)) : schema;
  }

  /** The name of the definition that a schema refers to, or an empty text. */
  static String definition(JsonNode schema) {
    String pointer = schema.path("$ref").asText();
    return pointer.substring(pointer.lastIndexOf('/') + 1);
  }

  /** The alternative of a schema that a value of {@code type} chooses, or the schema itself. */
  static JsonNode choose(JsonNode schema, String type) {
    JsonNode resolved = resolve(schema);
    for (JsonNode alternative : resolved.path("allOf")) {
      if (alternative.at("/if/properties/type/const").asText().equals(type)) {
        return resolve(alternative.get("then"));
      }
    }
    return resolved;
  }

  /** The schema of a key in a map that follows the schema, or a missing node. */
  static JsonNode child(JsonNode schema, String key) {
    JsonNode child = schema.path("properties").path(key);
    if (child.isMissingNode() && schema.path("additionalProperties").isObject()) {
      return schema.get("additionalProperties");
    }
    return child;
  }

  /** The same, when the type is not known yet: in any alternative that knows the key. */
  static JsonNode childOfAny(JsonNode schema, String key) {
    JsonNode resolved = resolve(schema);
    JsonNode child = child(resolved, key);
    for (JsonNode alternative : resolved.path("allOf")) {
      if (child.isMissingNode()) {
        child = child(resolve(alternative.get("then")), key);
      }
    }
    return child;
  }

  /** Whether a map that follows the schema holds scalars by names that the schema does not know. */
  static boolean holdsScalarsByName(JsonNode schema) {
    JsonNode values = resolve(schema).path("additionalProperties");
    return values.isObject() && !values.path("type").asText().equals("object");
  }

  static boolean expectsText(JsonNode schema) {
    return resolve(schema).path("type").asText().equals("string");
  }

  static List<String> knownKeys(JsonNode schema) {
    List<String> keys = new ArrayList<>();
    schema.path("properties").fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** What is expected of a value, in words. */
  static String expected(JsonNode schema) {
    JsonNode resolved = schema.has("title") ? schema : resolve(schema);
    if (resolved.has("title")) {
      return resolved.get("title").textValue();
    }
    if (resolved.has("enum")) {
      List<String> values = new ArrayList<>();
      resolved.get("enum").forEach(value -> values.add(value.asText()));
      return String.join(" or ", values);
    }
    if (resolved.path("type").asText().equals("object")) {
      return "a map with " + String.join(", ", knownKeys(resolved));
    }
    throw new IllegalStateException(RESOURCE + " says nowhere what is expected by " + schema);
  }
}
