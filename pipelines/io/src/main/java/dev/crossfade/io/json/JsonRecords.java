package dev.crossfade.io.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.crossfade.transforms.graph.DeadLetter;
import dev.crossfade.transforms.graph.LateRecord;
import dev.crossfade.transforms.results.Conflict;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.results.RowSchema;
import dev.crossfade.transforms.results.TypedRow;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * Writes one record as one JSON object on one line. Fields are named as the columns of the tables
 * are; times are ISO 8601 in UTC, decimals have all their digits, bytes are in Base64.
 */
public final class JsonRecords {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonRecords() {}

  /** A result with all columns of its table, as a run of a lane writes it, and its conflicts. */
  public static String of(Result result, ResultTable table, String lane, long run) {
    return object(
        json -> {
          json.writeStringField(ResultTable.LANE, lane);
          writeAddress(result, table, json);
          writeRow(result.values(), table.values(), json);
          json.writeNumberField(ResultTable.FOLDED, result.folded());
          json.writeNumberField(ResultTable.DUPLICATES, result.duplicates());
          json.writeBooleanField(ResultTable.TOMBSTONE, result.tombstone());
          json.writeNumberField(ResultTable.RUN, run);
          json.writeArrayFieldStart("conflicts");
          for (Conflict conflict : result.conflicts()) {
            json.writeStartObject();
            json.writeStringField("id", conflict.id());
            json.writeStringField("content", conflict.content());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /** A result's key and window alone: the address at which a newer one replaces it. */
  public static String addressOf(Result result, ResultTable table, String lane) {
    return object(
        json -> {
          json.writeStringField(ResultTable.LANE, lane);
          writeAddress(result, table, json);
        });
  }

  /** A result's key alone. */
  public static String keyOf(Result result, ResultTable table) {
    return object(json -> writeRow(result.key(), table.key(), json));
  }

  /**
   * A dead letter of a run of a flow's lane.
   *
   * @param logic the fingerprint of the logic that could not process it
   */
  public static String of(DeadLetter letter, String flow, String lane, long run, String logic) {
    return object(
        json -> {
          writeHeader(flow, lane, run, letter.origin().toString(), json);
          json.writeStringField("step", letter.step().name());
          json.writeStringField("cause", letter.cause());
          json.writeStringField("message", letter.message());
          json.writeStringField("event_time", textOf(letter.eventTime()));
          EventWindow window = letter.window();
          json.writeStringField(
              ResultTable.WINDOW_START, window == null ? null : textOf(window.start()));
          json.writeStringField(
              ResultTable.WINDOW_END, window == null ? null : textOf(window.end()));
          json.writeBooleanField("retryable", letter.retryable());
          json.writeStringField("logic", logic);
          json.writeBinaryField("bytes", letter.bytes().toArray());
        });
  }

  /** A late record of a run of a flow's lane. */
  public static String of(LateRecord record, String flow, String lane, long run) {
    return object(
        json -> {
          writeHeader(flow, lane, run, record.origin().toString(), json);
          json.writeStringField("event_time", record.eventTime().toString());
          json.writeStringField(ResultTable.WINDOW_START, record.window().start().toString());
          json.writeStringField(ResultTable.WINDOW_END, record.window().end().toString());
          json.writeNumberField("behind_millis", record.behind().toMillis());
          json.writeBinaryField("bytes", record.bytes().toArray());
        });
  }

  private static String textOf(Instant time) {
    return time == null ? null : time.toString();
  }

  private static void writeHeader(
      String flow, String lane, long run, String origin, JsonGenerator json) throws IOException {
    json.writeStringField("flow", flow);
    json.writeStringField(ResultTable.LANE, lane);
    json.writeNumberField(ResultTable.RUN, run);
    json.writeStringField("origin", origin);
  }

  private static void writeAddress(Result result, ResultTable table, JsonGenerator json)
      throws IOException {
    writeRow(result.key(), table.key(), json);
    json.writeStringField(ResultTable.WINDOW_START, result.window().start().toString());
    json.writeStringField(ResultTable.WINDOW_END, result.window().end().toString());
  }

  private static void writeRow(TypedRow row, RowSchema schema, JsonGenerator json)
      throws IOException {
    for (int i = 0; i < schema.size(); i++) {
      Object value = row.get(i);
      json.writeFieldName(schema.column(i).name());
      if (value == null) {
        json.writeNull();
        continue;
      }
      switch (schema.column(i).type()) {
        case BIGINT -> json.writeNumber((Long) value);
        case DECIMAL -> json.writeNumber(((BigDecimal) value).toPlainString());
        case BOOLEAN -> json.writeBoolean((Boolean) value);
        case TEXT, DATE, TIMESTAMP -> json.writeString(value.toString());
      }
    }
  }

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private static String object(Fields fields) {
    StringWriter text = new StringWriter(256);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
