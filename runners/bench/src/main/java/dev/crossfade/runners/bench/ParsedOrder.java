package dev.crossfade.runners.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Serializable;

/** An order as the opponents decode it: by Jackson's stream, field by field. A Flink POJO. */
public final class ParsedOrder implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final JsonFactory JSON = new JsonFactory();

  /** Its own, but for orders that are sent twice. */
  public String id;

  /** The event time, in milliseconds since 1970. */
  public long placedAt;

  /** The key. */
  public String shop;

  /** What was paid. */
  public int cents;

  /** For Flink. */
  public ParsedOrder() {}

  /**
   * Decodes a record.
   *
   * @param validated whether a record that lacks a field or holds a wrong value is refused
   * @return null if it is refused
   */
  static ParsedOrder of(byte[] record, int offset, int length, boolean validated) {
    ParsedOrder order = new ParsedOrder();
    int seen = 0;
    try (JsonParser parser = JSON.createParser(record, offset, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "id" -> {
            order.id = parser.getText();
            seen++;
          }
          case "placed_at" -> {
            order.placedAt = parser.getLongValue();
            seen++;
          }
          case "shop" -> {
            order.shop = parser.getText();
            seen++;
          }
          case "cents" -> {
            order.cents = parser.getIntValue();
            seen++;
          }
          default -> parser.skipChildren();
        }
      }
    } catch (IOException e) {
      // Not an order: what becomes of it is up to the caller.
      return null;
    }
    return validated && (seen != 4 || order.cents < 0) ? null : order;
  }
}
