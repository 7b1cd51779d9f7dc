package dev.crossfade.io.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.records.RecordBytes;
import dev.crossfade.transforms.records.RecordFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

class RangesTest {
  private static final RecordFormat CSV = new RecordFormat.Csv(',');
  private static final RecordFormat JSON = new RecordFormat.Json();

  private Path file;

  @BeforeProperty
  void createFile() throws IOException {
    file = Files.createTempFile("ranges", ".txt");
  }

  @AfterProperty
  void deleteFile() throws IOException {
    Files.delete(file);
  }

  @Property(tries = 500)
  void anyRangeSizeGivesTheSameRecordsAtTheSameLines(
      @ForAll("files") String text, @ForAll @IntRange(min = 1, max = 200) int rangeBytes)
      throws IOException {
    Files.writeString(file, text);
    for (RecordFormat format : List.of(CSV, JSON)) {
      List<String> whole = Ranges.read(file, format, Long.MAX_VALUE);

      assertThat(Ranges.read(file, format, rangeBytes), is(whole));
      assertThat("lines", linesOf(whole), is(expected(text, format)));
      InputFile chosen = FileSelection.of(file.toString()).files().get(0);
      assertThat(
          "the count apart from it",
          FileInputs.of(List.of(chosen), format).get(0).lines().end(),
          is(1 + numberOfLines(text, format)));
    }
  }

  @Property(tries = 500)
  void rangesTogetherCoverEachLineOnce(
      @ForAll("files") String text, @ForAll @IntRange(min = 1, max = 200) int rangeBytes)
      throws IOException {
    Files.writeString(file, text);
    for (RecordFormat format : List.of(CSV, JSON)) {
      List<Block> blocks = Ranges.blocks(file, format, rangeBytes);

      long positions =
          blocks.stream().mapToLong(block -> block.size() + block.withoutContent()).sum();
      assertThat("positions", positions, is(numberOfLines(text, format)));
      assertThat(
          "the position after the last",
          blocks.stream().mapToLong(Block::nextPosition).max().orElseThrow(),
          is(1 + numberOfLines(text, format)));
    }
  }

  @Property(tries = 50)
  void aLongFileIsReadInSeveralRanges(@ForAll @IntRange(min = 1, max = 500) int rangeBytes)
      throws IOException {
    Files.writeString(file, "at,value\n" + "2001-02-03T04:05:06Z,1\n".repeat(100));

    assertThat(Ranges.plan(file, CSV, rangeBytes), hasSize(greaterThan(2)));
    assertThat(Ranges.read(file, CSV, rangeBytes), hasSize(100));
  }

  @Property(tries = 1000)
  void noBytesKeepTheSourceFromReadingOn(@ForAll @Size(max = 60) byte[] bytes) {
    for (RecordFormat format : List.of(CSV, JSON)) {
      EventTimes.Reader reader = ReadingsFlow.TIMES.reader(format);
      reader.readOrUnreadable("at,value", bytes, 0, bytes.length);
      byte[] wrapped =
          ("{\"at\":\"" + new String(bytes, StandardCharsets.ISO_8859_1) + "\"}")
              .getBytes(StandardCharsets.ISO_8859_1);
      reader.readOrUnreadable("at", wrapped, 0, wrapped.length);
      long time = reader.readOrUnreadable("at", bytes, 0, 0);
      assertThat(time, is(Block.UNREADABLE));
    }
  }

  @Provide
  Arbitrary<String> files() {
    Arbitrary<String> line =
        Arbitraries.of(
            "",
            " ",
            "\t",
            "a",
            "a,b",
            "\"x\"",
            "at,value",
            "2001-02-03T04:05:06Z,1",
            "é,\u2028",
            "{\"at\":\"2001-02-03T04:05:06Z\"}",
            "\r",
            "x\rz",
            "\"x\rz\",1",
            "1,\"x\"\"\r,\"",
            "1,\"not closed",
            "1,\"\"",
            "5\" pipe",
            "\"\"\"",
            "\uFEFFat",
            "\0");
    Arbitrary<String> end =
        Arbitraries.of("\n", "\r\n", "\r", "\r\r\n", "\u0085", "\u2028", "\u2029", "\f", "");
    Arbitrary<List<String>> lines =
        Combinators.combine(line, end).as((text, newline) -> text + newline).list().ofMaxSize(30);
    return Combinators.combine(
            Arbitraries.of(
                "",
                "\uFEFF",
                "at,value\n",
                "at,value\r",
                "\uFEFFat,value\r",
                "at,value\r\r\n",
                "\uFEFF\"at\",value\r\n"),
            lines,
            line)
        .as((first, middle, last) -> first + String.join("", middle) + last);
  }

  private static List<String> linesOf(List<String> records) {
    List<String> lines = new ArrayList<>();
    for (String record : records) {
      String line = record.substring(record.indexOf(".txt:") + ".txt:".length());
      lines.add(line.replaceFirst("(!.*)? under (?s:.*)", ""));
    }
    return lines;
  }

  /** What an editor would say, and for a CSV file without a header the line where it is missed. */
  private static long numberOfLines(String text, RecordFormat format) {
    long lines = TextLines.of(text, format.equals(CSV)).size();
    return format.equals(CSV) ? Math.max(1, lines) : lines;
  }

  /** Those that are not blank, without the header. */
  private static List<String> expected(String text, RecordFormat format) {
    List<String> all = TextLines.of(text, format.equals(CSV));
    List<String> records = new ArrayList<>();
    for (int i = format.equals(CSV) ? 1 : 0; i < all.size(); i++) {
      if (!all.get(i).replace(" ", "").replace("\t", "").isEmpty()) {
        records.add((i + 1) + ":" + RecordBytes.copyOf(all.get(i).getBytes(UTF_8)));
      }
    }
    if (all.isEmpty() && format.equals(CSV)) {
      // A file without a header is not read in silence.
      records.add("1:" + RecordBytes.copyOf(new byte[0]));
    }
    return records;
  }
}
