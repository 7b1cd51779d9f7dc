package dev.crossfade.transforms.records;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The records of a block are what each is by itself, whatever stands before and after them. */
final class RecordsOfABlockTest {
  /** A reading. */
  public record Reading(String id, long value) {}

  private static final EventTimes TIMES =
      new EventTimes(
          "at", null, Instant.parse("2001-01-01T00:00:00Z"), Instant.parse("2001-02-01T00:00:00Z"));

  @Property(tries = 3_000)
  void eachIsReadAsIfItWereAlone(@ForAll("records") List<String> records) {
    Block.Builder builder = new Block.Builder("test", "id,value,at");
    for (int i = 0; i < records.size(); i++) {
      byte[] bytes = records.get(i).getBytes(StandardCharsets.ISO_8859_1);
      builder.add(i, Block.UNREAD, Block.IN_TIME, bytes, 0, bytes.length);
    }
    Block block = builder.build();
    for (RecordFormat format : List.of(new RecordFormat.Json(), new RecordFormat.Csv(','))) {
      RecordDecoder<Reading> decoder = new RecordDecoder<>(Reading.class, format, TIMES);
      List<String> found = new ArrayList<>();
      List<String> alone = new ArrayList<>();
      for (int i = 0; i < block.size(); i++) {
        found.add(read(decoder, block, i));
        alone.add(readAlone(format, block.copyOf(i)));
      }
      assertThat(found, is(alone));
    }
  }

  /** Two halves of records that are one when nobody looks where each ends. */
  @Test
  void halvesAreNotOne() {
    Block.Builder builder = new Block.Builder("test", "");
    for (String record :
        List.of("{\"id\":\"a", "\",\"value\":1}", "{\"id\":\"b\",\"value\":2}{", "}")) {
      byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
      builder.add(0, Block.UNREAD, Block.IN_TIME, bytes, 0, bytes.length);
    }
    Block block = builder.build();
    RecordDecoder<Reading> decoder =
        new RecordDecoder<>(Reading.class, new RecordFormat.Json(), TIMES);
    List<Boolean> read = new ArrayList<>();
    for (int i = 0; i < block.size(); i++) {
      read.add(read(decoder, block, i).startsWith("Reading"));
    }
    assertThat(read, contains(false, false, false, false));
  }

  private static String read(RecordDecoder<Reading> decoder, Block block, int index) {
    try {
      return decoder.decode(block, index) + " at " + decoder.eventTime();
    } catch (UndecodableException e) {
      return e.getMessage();
    }
  }

  private static String readAlone(RecordFormat format, RecordBytes record) {
    byte[] bytes = record.toArray();
    try {
      Reading reading =
          new RecordDecoder<>(Reading.class, format, TIMES).decode("id,value,at", bytes);
      long time = TIMES.reader(format).readOrUnreadable("id,value,at", bytes, 0, bytes.length);
      return reading + " at " + time;
    } catch (UndecodableException e) {
      return e.getMessage();
    }
  }

  @Provide
  Arbitrary<List<String>> records() {
    String whole = "{\"id\":\"a\",\"value\":1,\"at\":\"2001-01-02T00:00:00Z\"}";
    Arbitrary<String> likely =
        Arbitraries.of(
            whole,
            whole + " ",
            " " + whole + "\r",
            whole + whole,
            whole + "x",
            whole + "\u0000",
            "\u00EF\u00BB\u00BF" + whole,
            "{\"at\":978393600000,\"at\":1,\"x\":{\"id\":[1]},\"value\":2,\"id\":\"\u00C3\u00A4\"}",
            "{\"at\":null,\"value\":2,\"id\":\"b\"}",
            "{\"value\":2,\"id\":\"b\"}",
            "{\"value\":2,\"value\":2,\"id\":\"b\"}",
            "{\"value\":{\"id\":1},\"id\":\"b\"}",
            "{}",
            "[" + whole + "]",
            "{\"id\":\"\u00FF\"}",
            "a,1,2001-01-02T00:00:00Z",
            "a,1,",
            "a,\"1\",x",
            "7",
            "");
    Arbitrary<String> cut =
        Arbitraries.integers().between(0, whole.length()).map(at -> whole.substring(0, at));
    Arbitrary<String> rest =
        Arbitraries.integers().between(0, whole.length()).map(at -> whole.substring(at));
    Arbitrary<String> any =
        Arbitraries.strings().withChars("{}[]\":,ae1 \\\t\u00C3\u00A4").ofMaxLength(12);
    return Arbitraries.oneOf(likely, likely, likely, cut, rest, any).list().ofMaxSize(8);
  }
}
