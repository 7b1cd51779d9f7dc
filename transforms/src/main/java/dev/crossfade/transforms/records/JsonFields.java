package dev.crossfade.transforms.records;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.crossfade.transforms.records.RecordFormat.FieldReader;
import dev.crossfade.transforms.records.RecordFormat.FieldVisitor;
import dev.crossfade.transforms.records.RecordFormat.ValueKind;
import dev.crossfade.transforms.results.Surrogates;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Reads the top-level fields of one JSON object, which must be all that the record holds. What is
 * not UTF-8 is refused wherever it stands, and so is half a surrogate pair in a field that is
 * wanted: JSON can write it as an escape, and UTF-8 cannot hold it.
 */
final class JsonFields implements FieldReader {
  /** Of one thread, as its buffers are: those of a shared one are looked up for each parser. */
  private final JsonFactory json =
      JsonFactory.builder().recyclerPool(JsonRecyclerPools.newConcurrentDequePool()).build();

  private final PlainJson plain = new PlainJson();
  private final Utf8 utf8 = new Utf8();

  /** The bytes of the block that is being read, and where its parser stands. */
  private byte[] open;

  private JsonParser parser;
  private int origin;
  private int next;

  @Override
  public void read(String header, byte[] bytes, int offset, int length, FieldVisitor visitor)
      throws UndecodableException {
    if (!plain.read(bytes, offset, length, visitor)) {
      parse(bytes, offset, length, visitor);
    }
  }

  private void parse(byte[] bytes, int offset, int length, FieldVisitor visitor)
      throws UndecodableException {
    // The parser takes what only looks like UTF-8.
    if (!utf8.isText(bytes, offset, length)) {
      utf8.decode(bytes, offset, length);
    }
    try (JsonParser one = json.createParser(bytes, offset, length)) {
      if (readObject(one, visitor) && one.nextToken() != null) {
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

  /**
   * Reads those records of a block that are not plain with one parser, as objects that follow one
   * another: to make a parser costs as much as to read a record. Whatever is not an object from the
   * record's first byte to its last is read again by itself, which is the one judgement on it.
   */
  @Override
  public void read(Block block, int index, FieldVisitor visitor) throws UndecodableException {
    int start = block.start(index);
    int length = block.length(index);
    if (!plain.read(block.bytes(), start, length, visitor) && !isWhole(block, index, visitor)) {
      open = null;
      parse(block.bytes(), start, length, visitor);
    }
  }

  private boolean isWhole(Block block, int index, FieldVisitor visitor) {
    byte[] bytes = block.bytes();
    int start = block.start(index);
    try {
      if (!utf8.isText(bytes, start, block.length(index))) {
        return false;
      }
      if (bytes != open || index != next) {
        if (parser != null) {
          parser.close();
        }
        parser = json.createParser(bytes, start, bytes.length - start);
        open = bytes;
        origin = start;
      }
      next = index + 1;
      if (!readObject(parser, visitor)) {
        return false;
      }
      long at = origin + parser.currentTokenLocation().getByteOffset() + 1;
      int end = start + block.length(index);
      while (at < end && PlainJson.isBlank(bytes[(int) at])) {
        at++;
      }
      return at == end;
    } catch (IOException | UndecodableException e) {
      // What is wrong may be wrong with the record before or after it as well.
      return false;
    }
  }

  /** Reads an object; whether it was read to its end. */
  private static boolean readObject(JsonParser from, FieldVisitor visitor)
      throws IOException, UndecodableException {
    visitor.begin();
    if (from.nextToken() != JsonToken.START_OBJECT) {
      throw new UndecodableException("is not a JSON object");
    }
    while (from.nextToken() == JsonToken.FIELD_NAME) {
      String name = from.currentName();
      JsonToken value = from.nextToken();
      ValueKind kind = kind(value);
      if (!visitor.wants(name)) {
        from.skipChildren();
      } else if (!visitor.field(name, textOf(name, kind, from), kind)) {
        return false;
      }
      if (kind == ValueKind.NESTED) {
        from.skipChildren();
      }
    }
    return true;
  }

  private static String textOf(String name, ValueKind kind, JsonParser from)
      throws IOException, UndecodableException {
    if (kind == ValueKind.NULL) {
      return null;
    }
    String text = from.getText();
    if (kind == ValueKind.TEXT && Surrogates.hasHalfAPair(text)) {
      throw new UndecodableException(
          name + " holds half a surrogate pair, which is no character and cannot be stored");
    }
    return text;
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
