package dev.crossfade.io.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.crossfade.io.Outputs;
import dev.crossfade.io.Reading;
import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.io.Servers;
import dev.crossfade.io.Sql;
import dev.crossfade.io.files.FinishedFiles;
import dev.crossfade.io.files.WriteToFiles;
import dev.crossfade.io.jdbc.RunTarget;
import dev.crossfade.io.jdbc.WriteToStore;
import dev.crossfade.transforms.graph.FlowOutputs;
import dev.crossfade.transforms.graph.FlowPlan;
import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.results.RowSchema;
import dev.crossfade.transforms.results.TypedRow;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a column may hold comes back from every sink as it went in, to the ends of its type. */
final class EverySinkHoldsEveryValueTest {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int RANDOM_ROWS = 300;

  private static final RowSchema KEY = schema("k_");
  private static final RowSchema VALUES = schema("v_");
  private static final ResultTable TABLE = new ResultTable("every-value", KEY, VALUES);
  private static final FlowPlan<Reading> PLAN =
      new FlowPlan<>(
          Reading.class,
          ReadingsFlow.plan().aggregation(),
          ReadingsFlow.plan().eventTimes(),
          ReadingsFlow.plan().windowing(),
          TABLE);

  private static final EventWindow FIRST_WINDOW =
      new EventWindow(
          ColumnType.FIRST_TIMESTAMP, ColumnType.FIRST_TIMESTAMP.plus(10, ChronoUnit.MINUTES));
  private static final EventWindow LAST_WINDOW =
      new EventWindow(
          Instant.parse("9999-12-31T23:50:00Z"), Instant.parse("+10000-01-01T00:00:00Z"));

  /** Where a row stands. */
  private record Address(TypedRow key, EventWindow window) {}

  @TempDir Path directory;

  private static RowSchema schema(String prefix) {
    List<Column> columns = new ArrayList<>();
    for (ColumnType type : ColumnType.values()) {
      String name = prefix + type.sqlName();
      columns.add(type == ColumnType.DECIMAL ? Column.decimal(name, 4) : Column.of(name, type));
    }
    return new RowSchema(columns);
  }

  @Test
  void everyValueComesBackFromEverySink() throws Exception {
    Map<Address, TypedRow> rows = rows(new Random(20010203));
    List<Result> results = new ArrayList<>();
    rows.forEach(
        (address, values) ->
            results.add(
                new Result(address.key(), address.window(), values, 1, 0, List.of(), false)));

    Sql.createStore(TABLE);
    write(
        results,
        WriteToStore.of(
            Servers.postgres(),
            PLAN,
            new RunTarget("batch", 1, 1, false, "logic", java.time.Duration.ofSeconds(2)),
            Optional.empty()));
    assertSame("postgres", fromPostgres(), rows);

    write(results, WriteToFiles.of(directory.toString(), TABLE, "batch", 1, "logic", 2));
    String prefix = WriteToFiles.prefix(directory.toString(), TABLE.flow(), "batch");
    FinishedFiles.putInPlace(prefix, WriteToFiles.files(2));
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(prefix))) {
      for (Path file : files.filter(path -> path.toString().contains("results-")).toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    assertSame("files", fromJson(lines), rows);

    Topics.create("every-value" + WriteToTopic.DEAD_LETTERS, 1);
    Topics.create("every-value" + WriteToTopic.LATE_RECORDS, 1);
    KafkaTopic topic = Topics.create("every-value", 2);
    write(results, WriteToTopic.of(topic, TABLE, "batch", 1, "logic"));
    assertSame(
        "kafka", fromJson(Topics.read(topic).stream().map(ConsumerRecord::value).toList()), rows);
  }

  private static void write(List<Result> results, PTransform<FlowOutputs, PDone> sink) {
    Pipeline pipeline = Pipeline.create();
    Pipeline.applyTransform("Write", Outputs.of(pipeline, results, List.of(), List.of()), sink);
    pipeline.run().waitUntilFinish();
  }

  /** The texts can be too long to be shown, so that only the first difference is. */
  private static void assertSame(
      String sink, Map<Address, TypedRow> found, Map<Address, TypedRow> expected) {
    assertThat(sink, found.size(), is(expected.size()));
    expected.forEach(
        (address, values) -> {
          TypedRow back = found.get(address);
          assertThat(sink + " has " + address, back == null, is(false));
          for (int i = 0; i < VALUES.size(); i++) {
            assertThat(sink + " " + VALUES.column(i).name(), back.get(i), is(values.get(i)));
          }
        });
  }

  /** Each end of each type alone and all together, and many values from in between. */
  private static Map<Address, TypedRow> rows(Random random) {
    Map<Address, TypedRow> rows = new HashMap<>();
    Map<ColumnType, List<Object>> ends = new HashMap<>();
    int most = 0;
    for (ColumnType type : ColumnType.values()) {
      ends.put(type, ends(type));
      most = Math.max(most, ends.get(type).size());
    }
    for (EventWindow window : List.of(FIRST_WINDOW, Outputs.window(0), LAST_WINDOW)) {
      for (int i = 0; i < most; i++) {
        Object[] key = new Object[KEY.size()];
        Object[] values = new Object[KEY.size()];
        for (int j = 0; j < key.length; j++) {
          List<Object> of = ends.get(KEY.column(j).type());
          key[j] = of.get(i % of.size());
          values[j] = i == 0 ? null : key[j];
        }
        put(rows, key, window, values);
      }
    }
    String longest = "\u0001".repeat(ColumnType.MAX_TEXT_LENGTH);
    for (int i = 0; i < RANDOM_ROWS; i++) {
      Object[] key = new Object[KEY.size()];
      Object[] values = new Object[KEY.size()];
      for (int j = 0; j < key.length; j++) {
        key[j] = any(KEY.column(j).type(), random);
        values[j] = any(KEY.column(j).type(), random);
        if (i == 0 && VALUES.column(j).type() == ColumnType.TEXT) {
          values[j] = longest;
        }
      }
      put(rows, key, Outputs.window(i % 3), values);
    }
    return rows;
  }

  private static void put(
      Map<Address, TypedRow> rows, Object[] key, EventWindow window, Object[] values) {
    rows.put(new Address(TypedRow.of(KEY, key), window), TypedRow.of(VALUES, values));
  }

  private static List<Object> ends(ColumnType type) {
    return switch (type) {
      case BIGINT -> List.of(Long.MIN_VALUE, Long.MAX_VALUE, 0L, (1L << 53) + 1);
      case DECIMAL ->
          List.of(
              new BigDecimal("9".repeat(34) + ".9999"),
              new BigDecimal("-" + "9".repeat(34) + ".9999"),
              new BigDecimal("0.0001"),
              new BigDecimal("-0.0001"),
              BigDecimal.ZERO,
              new BigDecimal("1E+33"));
      case TEXT ->
          List.of(
              "",
              "\u0001",
              "\u007f\u0080\u2028\ufeff\uffff",
              "\ud800\udc00\udbff\udfff",
              "NULL",
              "\\N",
              " a ",
              "\t\r\n\"'\\",
              "\uffff".repeat(600));
      case BOOLEAN -> List.of(true, false);
      case DATE ->
          List.of(
              ColumnType.FIRST_DATE,
              ColumnType.LAST_DATE,
              LocalDate.of(1582, 10, 10), // not in the calendar of the time
              LocalDate.of(1500, 2, 28),
              LocalDate.of(1900, 2, 28),
              LocalDate.EPOCH);
      case TIMESTAMP ->
          List.of(
              ColumnType.FIRST_TIMESTAMP,
              ColumnType.LAST_TIMESTAMP,
              Instant.parse("1969-12-31T23:59:59.999999Z"),
              Instant.parse("1582-10-10T00:00:00.000001Z"),
              Instant.parse("1883-11-18T12:03:57.5Z"),
              Instant.EPOCH);
    };
  }

  private static Object any(ColumnType type, Random random) {
    return switch (type) {
      case BIGINT -> random.nextLong() >> random.nextInt(64);
      case DECIMAL ->
          new BigDecimal(
              new BigInteger(1 + random.nextInt(125), random)
                  .multiply(BigInteger.valueOf(random.nextBoolean() ? 1 : -1)),
              4);
      case TEXT -> text(random);
      case BOOLEAN -> random.nextBoolean();
      case DATE ->
          LocalDate.ofEpochDay(
              between(
                  ColumnType.FIRST_DATE.toEpochDay(), ColumnType.LAST_DATE.toEpochDay(), random));
      case TIMESTAMP ->
          Instant.ofEpochSecond(
              between(
                  ColumnType.FIRST_TIMESTAMP.getEpochSecond(),
                  ColumnType.LAST_TIMESTAMP.getEpochSecond(),
                  random),
              1000L * random.nextInt(1_000_000));
    };
  }

  private static long between(long first, long last, Random random) {
    return first + Math.floorMod(random.nextLong(), last - first + 1);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(20); length > 0; length--) {
      int point = 1 + random.nextInt(random.nextBoolean() ? 0x7f : Character.MAX_CODE_POINT);
      boolean isHalf = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
      text.appendCodePoint(isHalf ? 'x' : point);
    }
    return text.toString();
  }

  private static Map<Address, TypedRow> fromPostgres() throws Exception {
    Map<Address, TypedRow> rows = new HashMap<>();
    try (Connection connection = Sql.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM " + TABLE.qualifiedName())) {
      while (row.next()) {
        Instant start = row.getObject(ResultTable.WINDOW_START, OffsetDateTime.class).toInstant();
        Instant end = row.getObject(ResultTable.WINDOW_END, OffsetDateTime.class).toInstant();
        rows.put(
            new Address(fromPostgres(row, KEY), new EventWindow(start, end)),
            fromPostgres(row, VALUES));
      }
    }
    return rows;
  }

  private static TypedRow fromPostgres(ResultSet row, RowSchema schema) throws Exception {
    Object[] values = new Object[schema.size()];
    for (int i = 0; i < values.length; i++) {
      String name = schema.column(i).name();
      values[i] =
          switch (schema.column(i).type()) {
            case BIGINT -> row.getObject(name, Long.class);
            case DECIMAL -> row.getBigDecimal(name);
            case TEXT -> row.getString(name);
            case BOOLEAN -> row.getObject(name, Boolean.class);
            case DATE -> row.getObject(name, LocalDate.class);
            case TIMESTAMP -> {
              OffsetDateTime time = row.getObject(name, OffsetDateTime.class);
              yield time == null ? null : time.toInstant();
            }
          };
    }
    return TypedRow.of(schema, values);
  }

  private static Map<Address, TypedRow> fromJson(List<String> lines) throws IOException {
    Map<String, Column> columns = new HashMap<>();
    KEY.columns().forEach(column -> columns.put(column.name(), column));
    VALUES.columns().forEach(column -> columns.put(column.name(), column));
    Map<Address, TypedRow> rows = new HashMap<>();
    Set<String> others = new HashSet<>();
    for (String line : lines) {
      Map<String, Object> fields = new HashMap<>();
      try (JsonParser json = JSON.createParser(line)) {
        json.nextToken();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
          JsonToken token = json.nextToken();
          Column column = columns.get(name);
          if (column == null) {
            others.add(name);
            fields.put(name, json.getText());
            json.skipChildren();
          } else if (token != JsonToken.VALUE_NULL) {
            fields.put(name, value(column.type(), json));
          }
        }
      }
      EventWindow window =
          new EventWindow(
              Instant.parse((String) fields.get(ResultTable.WINDOW_START)),
              Instant.parse((String) fields.get(ResultTable.WINDOW_END)));
      rows.put(new Address(row(KEY, fields), window), row(VALUES, fields));
    }
    assertThat(others.contains(ResultTable.LANE), is(true));
    return rows;
  }

  private static Object value(ColumnType type, JsonParser json) throws IOException {
    return switch (type) {
      case BIGINT -> json.getLongValue();
      case DECIMAL -> json.getDecimalValue();
      case TEXT -> json.getText();
      case BOOLEAN -> json.getBooleanValue();
      case DATE -> LocalDate.parse(json.getText());
      case TIMESTAMP -> Instant.parse(json.getText());
    };
  }

  private static TypedRow row(RowSchema schema, Map<String, Object> fields) {
    return TypedRow.of(schema, schema.names().stream().map(fields::get).toArray());
  }
}
