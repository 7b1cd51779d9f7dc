package dev.crossfade.transforms.records;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.crossfade.transforms.records.RecordFormat.FieldReader;
import dev.crossfade.transforms.records.RecordFormat.FieldVisitor;
import dev.crossfade.transforms.records.RecordFormat.ValueKind;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads the top-level fields of one JSON object, which must be all that the record holds. */
final class JsonFields implements FieldReader {
  private static final JsonFactory JSON = new JsonFactory();

  @Override
  public void read(String header, byte[] bytes, int offset, int length, FieldVisitor visitor)
      throws UndecodableException {
    try (JsonParser parser = JSON.createParser(bytes, offset, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new UndecodableException("is not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        ValueKind kind = kind(value);
        if (!visitor.wants(name)) {
          parser.skipChildren();
        } else if (!visitor.field(name, kind == ValueKind.NULL ? null : parser.getText(), kind)) {
          return;
        }
        if (kind == ValueKind.NESTED) {
          parser.skipChildren();
        }
      }
      if (parser.nextToken() != null) {
        throw new UndecodableException("something follows the JSON object");
      }
    } catch (JsonProcessingException e) {
      throw new UndecodableException("is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      // Invalid UTF-8 comes as a plain IOException; nothing else can, the bytes are in memory.
      if (e.getClass() == java.io.CharConversionException.class) {
        throw new UndecodableException("is not UTF-8: " + e.getMessage());
      }
      throw new UncheckedIOException(e);
    }
  }

  private static ValueKind kind(JsonToken token) {
    if (token == null) {
      return ValueKind.NULL;
    }
    return switch (token) {
      case VALUE_STRING -> ValueKind.TEXT;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> ValueKind.NUMBER;
      case VALUE_TRUE, VALUE_FALSE -> ValueKind.BOOLEAN;
      case VALUE_NULL -> ValueKind.NULL;
      default -> ValueKind.NESTED;
    };
  }
}
