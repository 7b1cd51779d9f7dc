package dev.crossfade.io.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.crossfade.transforms.results.ResultTable;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Cuts a dead letter or a late record in JSON that is too large for where it goes into parts, each
 * a JSON object: {@code part} counts from 1 to {@code parts}. Every part says whose it is, and the
 * first has all other fields. Who joins the {@code message} of all parts that have one, and the
 * {@code bytes} likewise, has the text that was cut.
 */
public final class JsonParts {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          // What was written here is read whatever its length.
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private static final Set<String> IN_EVERY_PART =
      Set.of("flow", ResultTable.LANE, ResultTable.RUN, "origin");

  private static final String MESSAGE = "message";
  private static final String BYTES = "bytes";

  /** As many characters of Base64 stand for whole bytes, so that each piece can be decoded. */
  private static final int BASE64_UNIT = 4;

  /** A character takes this much at most, as a backslash, a u and four digits. */
  private static final int MAX_CHARACTER_BYTES = 6;

  /** A part has this much of a text, even if the other fields take all that there is. */
  private static final int LEAST_ROOM = 1 << 10;

  private final Map<String, Object> fields;
  private final String message;
  private final String bytes;

  private JsonParts(Map<String, Object> fields) {
    this.fields = fields;
    this.message = textOf(MESSAGE);
    this.bytes = textOf(BYTES);
  }

  /**
   * The text itself if it is small enough, else its parts. The same text always gives the same.
   *
   * @param most how many bytes of UTF-8 a text should have at most
   */
  public static List<String> of(String json, int most) {
    // No character takes more than three bytes, and most texts are short.
    if (json.length() <= most / 3 || json.getBytes(UTF_8).length <= most) {
      return List.of(json);
    }
    try {
      return new JsonParts(read(json)).cut(most);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> read(String text) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(text)) {
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        Object value =
            switch (json.nextToken()) {
              case VALUE_STRING -> json.getText();
              case VALUE_NUMBER_INT -> json.getLongValue();
              case VALUE_TRUE, VALUE_FALSE -> json.getBooleanValue();
              case VALUE_NULL -> null;
              default -> throw new IllegalArgumentException(name + " is no plain value");
            };
        fields.put(name, value);
      }
    }
    return fields;
  }

  private String textOf(String name) {
    return fields.get(name) instanceof String text ? text : "";
  }

  private List<String> cut(int most) throws IOException {
    Piece none = new Piece("", "");
    int largest = Integer.MAX_VALUE;
    int taken = object(true, none, largest, largest).getBytes(UTF_8).length;
    List<Piece> pieces = pieces(Math.max(LEAST_ROOM, most - taken));
    List<String> parts = new ArrayList<>();
    for (Piece piece : pieces) {
      parts.add(object(parts.isEmpty(), piece, parts.size() + 1, pieces.size()));
    }
    return parts;
  }

  private List<Piece> pieces(int room) {
    List<Piece> pieces = new ArrayList<>();
    int messageAt = 0;
    int bytesAt = 0;
    do {
      int messageEnd = Math.min(message.length(), messageAt + room / MAX_CHARACTER_BYTES);
      if (messageEnd < message.length() && Character.isLowSurrogate(message.charAt(messageEnd))) {
        // A character of two halves is in one part.
        messageEnd--;
      }
      int left = room - (messageEnd - messageAt) * MAX_CHARACTER_BYTES;
      int bytesEnd = Math.min(bytes.length(), bytesAt + left / BASE64_UNIT * BASE64_UNIT);
      pieces.add(
          new Piece(message.substring(messageAt, messageEnd), bytes.substring(bytesAt, bytesEnd)));
      messageAt = messageEnd;
      bytesAt = bytesEnd;
    } while (messageAt < message.length() || bytesAt < bytes.length());
    return pieces;
  }

  private String object(boolean first, Piece piece, int part, int parts) throws IOException {
    StringWriter out = new StringWriter(256);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      for (Map.Entry<String, Object> field : fields.entrySet()) {
        String name = field.getKey();
        if (first || IN_EVERY_PART.contains(name) || !piece.of(name, "").isEmpty()) {
          json.writeFieldName(name);
          json.writeObject(
              field.getValue() instanceof String text ? piece.of(name, text) : field.getValue());
        }
        if (name.equals("origin")) {
          json.writeNumberField("part", part);
          json.writeNumberField("parts", parts);
        }
      }
      json.writeEndObject();
    }
    return out.toString();
  }

  /** What one part has of the texts that are cut. */
  private record Piece(String message, String bytes) {
    /** What stands in the field of a name: a piece, or the whole text of one that is not cut. */
    String of(String name, String text) {
      return switch (name) {
        case MESSAGE -> message;
        case BYTES -> bytes;
        default -> text;
      };
    }
  }
}
