package dev.crossfade.runners.bench.parts;

import dev.crossfade.transforms.records.RecordFormat;
import java.time.Instant;

/** How an order is written. */
public enum Layout {
  /** JSON, with the event time as a number of milliseconds. */
  JSON_EPOCH,
  /** JSON, with the event time as a text of ISO 8601. */
  JSON_ISO,
  /** CSV, with the event time as a number of milliseconds. */
  CSV_EPOCH,
  /** CSV, with the event time as a text of ISO 8601. */
  CSV_ISO;

  RecordFormat format() {
    return switch (this) {
      case JSON_EPOCH, JSON_ISO -> new RecordFormat.Json();
      case CSV_EPOCH, CSV_ISO -> new RecordFormat.Csv(',');
    };
  }

  /** What a block of such records has for a header. */
  String header() {
    return format() instanceof RecordFormat.Csv ? "id,placed_at,shop,cents,note" : "";
  }

  /** One order, of which the note is not decoded. */
  String write(String id, Instant placedAt, String shop, int cents, String note) {
    String millis = Long.toString(placedAt.toEpochMilli());
    return switch (this) {
      case JSON_EPOCH -> json(id, millis, shop, cents, note);
      case JSON_ISO -> json(id, '"' + placedAt.toString() + '"', shop, cents, note);
      case CSV_EPOCH -> csv(id, millis, shop, cents, note);
      case CSV_ISO -> csv(id, placedAt.toString(), shop, cents, note);
    };
  }

  private static String json(String id, String placedAt, String shop, int cents, String note) {
    return "{\"id\":\"%s\",\"placed_at\":%s,\"shop\":\"%s\",\"cents\":%d,\"note\":\"%s\"}"
        .formatted(id, placedAt, shop, cents, note);
  }

  private static String csv(String id, String placedAt, String shop, int cents, String note) {
    return "%s,%s,%s,%d,\"%s\"".formatted(id, placedAt, shop, cents, note);
  }
}
