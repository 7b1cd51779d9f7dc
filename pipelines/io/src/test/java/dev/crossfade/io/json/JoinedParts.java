package dev.crossfade.io.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts the parts of a letter together, as a reader of the topic would. */
public final class JoinedParts {
  private JoinedParts() {}

  /** The fields of the letter as text, without the numbers of parts. */
  public static Map<String, String> of(List<String> parts) throws IOException {
    Map<String, String> joined = new TreeMap<>();
    for (String part : parts) {
      Map<String, String> fields = fields(part);
      for (Map.Entry<String, String> field : fields.entrySet()) {
        switch (field.getKey()) {
          case "part", "parts" -> {}
          case "message", "bytes" -> joined.merge(field.getKey(), field.getValue(), String::concat);
          default -> joined.put(field.getKey(), field.getValue());
        }
      }
    }
    return joined;
  }

  /** The number of each and how many there are, such as {@code 1/3}. */
  public static List<String> numbers(List<String> parts) throws IOException {
    List<String> numbers = new ArrayList<>();
    for (String part : parts) {
      Map<String, String> fields = fields(part);
      numbers.add(fields.get("part") + "/" + fields.get("parts"));
    }
    return numbers;
  }

  /** The fields of one object as text. */
  public static Map<String, String> fields(String text) throws IOException {
    Map<String, String> fields = new TreeMap<>();
    try (JsonParser json = new JsonFactory().createParser(text)) {
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        fields.put(name, json.nextToken() == JsonToken.VALUE_NULL ? "null" : json.getText());
      }
    }
    return fields;
  }
}
