package dev.crossfade.transforms.records;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.RowCoder;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.util.RowJson;
import org.apache.beam.sdk.util.RowJsonUtils;
import org.apache.beam.sdk.values.Row;

/**
 * What an event costs as a Java record, and as a Beam Row. A program of its own that no build runs;
 * {@code docs/decisions/events-as-records.md} says how to run it and what it found.
 *
 * <p>It prints CPU time and not time on the clock, so that another program on the machine matters
 * little.
 */
public final class RecordVersusRowBenchmark {
  private static final int RECORDS = 1_000_000;
  private static final int ROUNDS = 5;
  private static final int BLOCK = 2_000;

  private static final Schema SCHEMA =
      Schema.builder()
          .addInt64Field("flight_id")
          .addStringField("departure")
          .addStringField("origin")
          .addStringField("destination")
          .addInt32Field("distance_miles")
          .addInt32Field("delay_minutes")
          .build();

  private RecordVersusRowBenchmark() {}

  /** A flight as a Java record. */
  public record Flight(
      long flightId,
      LocalDateTime departure,
      String origin,
      String destination,
      int distanceMiles,
      int delayMinutes) {}

  /** One of the things that are measured; returns something that depends on all of its work. */
  private interface Work {
    long run() throws Exception;
  }

  /** Measures; the argument is the gzipped CSV of the flights. */
  public static void main(String[] args) throws Exception {
    List<byte[]> json = json(Path.of(args[0]));
    List<Row> rows = new ArrayList<>();
    var mapper = RowJsonUtils.newObjectMapperWith(RowJson.RowJsonDeserializer.forSchema(SCHEMA));
    for (byte[] record : json) {
      rows.add(RowJsonUtils.jsonToRow(mapper, new String(record, StandardCharsets.UTF_8)));
    }
    List<Block> blocks = blocks(json);
    EventTimes times = new EventTimes("scheduled", null, Instant.EPOCH, Instant.MAX);
    RecordDecoder<Flight> decoder =
        new RecordDecoder<>(Flight.class, new RecordFormat.Json(), times);

    measure(
        "JSON to Java record (RecordDecoder)",
        "sum of delays",
        () -> {
          long sum = 0;
          for (int i = 0; i < RECORDS; i++) {
            byte[] record = json.get(i % json.size());
            sum += decoder.decode("", record).delayMinutes();
          }
          return sum;
        });
    measure(
        "JSON to Row (RowJson)",
        "sum of delays",
        () -> {
          long sum = 0;
          for (int i = 0; i < RECORDS; i++) {
            byte[] record = json.get(i % json.size());
            Row row = RowJsonUtils.jsonToRow(mapper, new String(record, StandardCharsets.UTF_8));
            sum += row.getInt32("delay_minutes");
          }
          return sum;
        });
    measure("coded in blocks (BlockCoder)", "bytes", () -> codedInBlocks(blocks));
    measure("coded as Rows (RowCoder)", "bytes", () -> codedAsRows(rows));
  }

  private static long codedInBlocks(List<Block> blocks) throws IOException {
    Reused out = new Reused();
    long bytes = 0;
    int done = 0;
    for (int i = 0; done < RECORDS; i++) {
      out.reset();
      BlockCoder.of().encode(blocks.get(i % blocks.size()), out);
      bytes += out.size();
      done += BlockCoder.of().decode(out.input()).size();
    }
    return bytes;
  }

  private static long codedAsRows(List<Row> rows) throws IOException {
    Coder<Row> coder = RowCoder.of(SCHEMA);
    Reused out = new Reused();
    long bytes = 0;
    for (int i = 0; i < RECORDS; i++) {
      out.reset();
      coder.encode(rows.get(i % rows.size()), out);
      bytes += out.size();
      if (coder.decode(out.input()).getFieldCount() != SCHEMA.getFieldCount()) {
        throw new IllegalStateException("a row came back with another number of fields");
      }
    }
    return bytes;
  }

  private static void measure(String name, String what, Work work) throws Exception {
    var thread = ManagementFactory.getThreadMXBean();
    long best = Long.MAX_VALUE;
    long worst = 0;
    long result = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long before = thread.getCurrentThreadCpuTime();
      result = work.run();
      long took = thread.getCurrentThreadCpuTime() - before;
      best = Math.min(best, took);
      worst = Math.max(worst, took);
    }
    System.out.printf(
        "%-38s %,6d to %,6d ns a record in %d rounds of %,d; %s %,d%n",
        name, best / RECORDS, worst / RECORDS, ROUNDS, RECORDS, what, result);
  }

  private static List<byte[]> json(Path csv) throws IOException {
    List<byte[]> json = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(csv)), StandardCharsets.UTF_8))) {
      String[] names = lines.readLine().split(",", -1);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] values = line.split(",", -1);
        StringBuilder record = new StringBuilder("{");
        for (int i = 0; i < names.length; i++) {
          String quote = values[i].matches("-?[0-9]+") ? "" : "\"";
          record.append(i == 0 ? "" : ",").append('"').append(names[i]).append("\":");
          record.append(quote).append(values[i]).append(quote);
        }
        json.add(record.append('}').toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    return json;
  }

  private static List<Block> blocks(List<byte[]> json) {
    List<Block> blocks = new ArrayList<>();
    for (int from = 0; from + BLOCK <= json.size(); from += BLOCK) {
      Block.Builder block = new Block.Builder("flights[0]", "");
      for (int i = from; i < from + BLOCK; i++) {
        byte[] record = json.get(i);
        block.add(i, 978_325_200_000L + i, Block.IN_TIME, record, 0, record.length);
      }
      blocks.add(block.build());
    }
    return blocks;
  }

  /** A stream of bytes that is written and read again without a copy. */
  private static final class Reused extends ByteArrayOutputStream {
    ByteArrayInputStream input() {
      return new ByteArrayInputStream(buf, 0, count);
    }
  }
}
