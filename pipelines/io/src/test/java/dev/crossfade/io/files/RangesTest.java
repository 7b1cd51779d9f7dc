package dev.crossfade.io.files;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.EventTimes;
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
      assertThat("lines", linesOf(whole), is(expectedLines(text, format)));
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
            "\uFEFFat",
            "\0");
    Arbitrary<String> end = Arbitraries.of("\n", "\r\n");
    Arbitrary<List<String>> lines =
        Combinators.combine(line, end).as((text, newline) -> text + newline).list().ofMaxSize(30);
    return Combinators.combine(
            Arbitraries.of("", "\uFEFF", "at,value\n", "\uFEFFat,value\r\n"), lines, line)
        .as((first, middle, last) -> first + String.join("", middle) + last);
  }

  private static List<Long> linesOf(List<String> records) {
    List<Long> lines = new ArrayList<>();
    for (String record : records) {
      String afterPath = record.substring(record.indexOf(".txt:") + ".txt:".length());
      lines.add(Long.parseLong(afterPath.substring(0, afterPath.indexOf(':'))));
    }
    return lines;
  }

  /** What an editor would say, and for a CSV file without a header the line where it is missed. */
  private static long numberOfLines(String text, RecordFormat format) {
    long ends = text.chars().filter(each -> each == '\n').count();
    long lines = text.isEmpty() || text.endsWith("\n") ? ends : ends + 1;
    return format.equals(CSV) ? Math.max(1, lines) : lines;
  }

  /** An independent count: what stands between two ends of line, unless there is nothing there. */
  private static List<Long> expectedLines(String text, RecordFormat format) {
    List<Long> lines = new ArrayList<>();
    String[] all = text.split("\n", -1);
    for (int i = format.equals(CSV) ? 1 : 0; i < all.length; i++) {
      String line = all[i].endsWith("\r") ? all[i].substring(0, all[i].length() - 1) : all[i];
      if (!line.replace(" ", "").replace("\t", "").isEmpty()) {
        lines.add(i + 1L);
      }
    }
    if (text.isEmpty() && format.equals(CSV)) {
      // A file without a header is not read in silence.
      lines.add(1L);
    }
    return lines;
  }
}
