package dev.crossfade.io.jdbc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.EventTimes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;

/** Reads the rows of a partition into blocks of JSON records. */
final class ReadPartitionFn extends DoFn<TablePartition, Block> {
  private static final long serialVersionUID = 1L;
  private static final int MAX_BLOCK_RECORDS = 2_000;
  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

  private final Database database;
  private final String table;
  private final String column;
  private final int fetchSize;
  private final EventTimes eventTimes;
  private transient EventTimes.Reader timeReader;

  ReadPartitionFn(
      Database database, String table, String column, int fetchSize, EventTimes eventTimes) {
    this.database = database;
    this.table = table;
    this.column = column;
    this.fetchSize = fetchSize;
    this.eventTimes = eventTimes;
  }

  @Setup
  public void setup() {
    timeReader = eventTimes.reader(ReadTable.format());
  }

  @ProcessElement
  public void process(@Element TablePartition partition, OutputReceiver<Block> blocks)
      throws SQLException, IOException {
    String condition =
        partition.first() == null ? column + " IS NULL" : column + " BETWEEN ? AND ?";
    String sql = "SELECT * FROM " + table + " WHERE " + condition + " ORDER BY " + column;
    try (Connection connection = database.connect()) {
      // A cursor needs a transaction; without one PostgreSQL's driver fetches all rows at once.
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setFetchSize(fetchSize);
        if (partition.first() != null) {
          statement.setLong(1, partition.first());
          statement.setLong(2, partition.last());
        }
        try (ResultSet rows = statement.executeQuery()) {
          read(rows, partition, blocks);
        }
      }
      connection.commit();
    }
  }

  /** The source of the rows that have no value in the partition column. */
  static String withoutPartition(String table, String column) {
    return table + "[" + column + " is null]";
  }

  private void read(ResultSet rows, TablePartition partition, OutputReceiver<Block> blocks)
      throws SQLException, IOException {
    String source = partition.first() == null ? withoutPartition(table, column) : table;
    int keyIndex = rows.findColumn(column);
    long number = 0;
    ByteArrayOutputStream json = new ByteArrayOutputStream(256);
    Block.Builder block = new Block.Builder(source, "");
    while (rows.next()) {
      json.reset();
      writeRow(rows, json);
      byte[] bytes = json.toByteArray();
      long position = partition.first() == null ? ++number : rows.getLong(keyIndex);
      long time = timeReader.readOrUnreadable("", bytes, 0, bytes.length);
      block.add(position, time, Block.IN_TIME, bytes, 0, bytes.length);
      if (block.size() >= MAX_BLOCK_RECORDS) {
        output(block.build(), blocks);
        block = new Block.Builder(source, "");
      }
    }
    if (block.size() > 0) {
      output(block.build(), blocks);
    }
  }

  private static void writeRow(ResultSet rows, ByteArrayOutputStream to)
      throws SQLException, IOException {
    ResultSetMetaData columns = rows.getMetaData();
    try (JsonGenerator json = JSON.createGenerator(to)) {
      json.writeStartObject();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        json.writeFieldName(columns.getColumnLabel(i));
        writeValue(rows, i, columns.getColumnType(i), columns.getColumnTypeName(i), json);
      }
      json.writeEndObject();
    }
  }

  private static void writeValue(
      ResultSet rows, int index, int type, String typeName, JsonGenerator json)
      throws SQLException, IOException {
    if (rows.getObject(index) == null) {
      json.writeNull();
      return;
    }
    switch (type) {
      case Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.TINYINT ->
          json.writeNumber(rows.getLong(index));
      case Types.NUMERIC, Types.DECIMAL -> {
        // NaN and the infinities are numbers in PostgreSQL and nowhere else.
        String text = rows.getString(index);
        if (NUMBER.matcher(text).matches()) {
          json.writeNumber(text);
        } else {
          json.writeString(text);
        }
      }
      case Types.BIT, Types.BOOLEAN -> {
        // PostgreSQL's driver calls both a boolean and a string of bits a BIT.
        if (type == Types.BOOLEAN || typeName.equals("bool")) {
          json.writeBoolean(rows.getBoolean(index));
        } else {
          json.writeString(rows.getString(index));
        }
      }
      case Types.DATE -> {
        LocalDate date = rows.getObject(index, LocalDate.class);
        json.writeString(textOf(date, date.equals(LocalDate.MIN), date.equals(LocalDate.MAX)));
      }
      case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> {
        // PostgreSQL's driver calls both kinds a TIMESTAMP; the name tells them apart.
        if (typeName.equals("timestamptz") || type == Types.TIMESTAMP_WITH_TIMEZONE) {
          OffsetDateTime time = rows.getObject(index, OffsetDateTime.class);
          json.writeString(
              textOf(
                  time.toInstant(),
                  time.equals(OffsetDateTime.MIN),
                  time.equals(OffsetDateTime.MAX)));
        } else {
          LocalDateTime time = rows.getObject(index, LocalDateTime.class);
          json.writeString(
              textOf(time, time.equals(LocalDateTime.MIN), time.equals(LocalDateTime.MAX)));
        }
      }
      default -> json.writeString(rows.getString(index));
    }
  }

  /** The driver gives the first and the last day of Java's calendar for the two infinities. */
  private static String textOf(Object value, boolean isFirst, boolean isLast) {
    return isFirst ? "-infinity" : isLast ? "infinity" : value.toString();
  }

  private static void output(Block block, OutputReceiver<Block> blocks) {
    long timestamp = block.leastEventTime(BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis());
    blocks.outputWithTimestamp(block, Instant.ofEpochMilli(timestamp));
  }
}
