package dev.crossfade.io.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.crossfade.io.Reading;
import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.transforms.graph.ComputeFlow;
import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.records.SourceRange;
import dev.crossfade.transforms.testing.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.beam.sdk.Pipeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The count that no graph has a hand in, beside what a graph makes of the same files. */
class FileInputsTest {
  private static final RecordFormat CSV = new RecordFormat.Csv(',');
  private static final RecordFormat JSON = new RecordFormat.Json();
  private static final String HEADER = "at,sensor,value\n";
  private static final String GOOD_CSV = "2001-02-03T04:05:06Z,good,1\n";
  private static final String GOOD_JSON = Reading.json("2001-02-03T04:05:06Z", "good", 1) + "\n";

  /** More than one buffer of text that does not compress to nothing. */
  private static final byte[] LONG = longText();

  private static Path damaged;

  @TempDir Path directory;

  @BeforeContainer
  static void createFile() throws IOException {
    damaged = Files.createTempFile("inputs", ".jsonl.gz");
  }

  @AfterContainer
  static void deleteFile() throws IOException {
    Files.delete(damaged);
  }

  @Test
  void theGraphAccountsForAsManyLinesAsThereAreHoweverOddTheFile() throws Exception {
    Map<String, Long> csv = new TreeMap<>();
    put(csv, "plain.csv", HEADER + GOOD_CSV + GOOD_CSV, 3);
    put(csv, "no-end.csv", HEADER + GOOD_CSV.strip(), 2);
    put(csv, "blanks.csv", HEADER + "\n \n" + GOOD_CSV + "\r\n\t\n", 6);
    put(csv, "blank-at-the-end.csv", HEADER + GOOD_CSV + " ", 3);
    put(csv, "windows.csv", (HEADER + GOOD_CSV).replace("\n", "\r\n"), 2);
    put(csv, "header.csv", HEADER, 1);
    put(csv, "header-without-end.csv", HEADER.strip(), 1);
    put(csv, "newline.csv", "\n", 1);
    put(csv, "empty.csv", "", 1);
    put(csv, "mark.csv", "\uFEFF" + HEADER + GOOD_CSV, 2);
    put(csv, "bad.csv", HEADER + "bad\n" + GOOD_CSV + "2001-02-03T04:05:06Z,x,-1\n", 4);
    put(csv, "zipped.csv.gz", gzip((HEADER + GOOD_CSV + "\n").getBytes(UTF_8)), 3);
    put(csv, "empty.csv.gz", gzip(new byte[0]), 1);
    put(csv, "two.csv.gz", join(gzip(HEADER.getBytes(UTF_8)), gzip(GOOD_CSV.getBytes(UTF_8))), 2);
    put(csv, "returns.csv", (HEADER + GOOD_CSV + "\n" + GOOD_CSV).replace('\n', '\r'), 4);
    put(csv, "two-returns.csv", (HEADER + GOOD_CSV).replace("\n", "\r\r\n"), 2);
    put(csv, "quoted.csv", HEADER + "2001-02-03T04:05:06Z,\"a\rb\",1\r\n" + GOOD_CSV, 3);
    put(csv, "only-mark.csv", "\uFEFF", 1);
    put(csv, "utf16.csv", ("\uFEFF" + HEADER + GOOD_CSV).getBytes(StandardCharsets.UTF_16BE), 1);
    put(csv, "padded.csv.gz", join(gzip((HEADER + GOOD_CSV).getBytes(UTF_8)), new byte[512]), 2);
    put(csv, "long.csv", HEADER + "x".repeat(Lines.MAX_LINE_BYTES + 1) + "\n" + GOOD_CSV, 3);

    Map<String, Long> json = new TreeMap<>();
    put(json, "plain.jsonl", GOOD_JSON + GOOD_JSON, 2);
    put(json, "empty.jsonl", "", 0);
    put(json, "blanks.jsonl", "\n" + GOOD_JSON + "\n \n", 4);
    put(json, "noise.jsonl.bz2", "no archive", 1);
    put(json, "empty.jsonl.bz2", "", 1);
    put(json, "text.jsonl.gz", GOOD_JSON, 1);
    put(json, "mark.jsonl", "\uFEFF" + GOOD_JSON, 1);
    put(json, "only-mark.jsonl", "\uFEFF", 0);
    put(json, "returns.jsonl", (GOOD_JSON + GOOD_JSON).replace('\n', '\r'), 2);
    put(json, "utf16.jsonl", ("\uFEFF" + GOOD_JSON).getBytes(StandardCharsets.UTF_16LE), 1);
    put(json, "bad-checksum.jsonl.gz", badChecksum(GOOD_JSON + GOOD_JSON.strip()), 3);
    byte[] cut = gzip(LONG);
    put(json, "cut.jsonl.gz", Arrays.copyOf(cut, cut.length / 2), -1);

    for (RecordFormat format : List.of(CSV, JSON)) {
      Map<String, Long> expected = format.equals(CSV) ? csv : json;
      String pattern = directory + (format.equals(CSV) ? "/*.csv*" : "/*.jsonl*");
      for (long rangeBytes : new long[] {20, ReadFiles.RANGE_BYTES}) {
        List<InputFile> files = FileSelection.of(pattern).files();
        Pipeline pipeline = Pipeline.create();
        Outcome outcome =
            Outcome.of(
                pipeline,
                pipeline
                    .apply(ReadFiles.of(files, format).withRangeBytes(rangeBytes))
                    .apply(ComputeFlow.of(ReadingsFlow.plan(), format)));

        Map<String, Long> accounted = new TreeMap<>();
        outcome.origins().forEach((file, counts) -> accounted.put(file, counts.positions()));
        Map<String, Long> counted = new TreeMap<>();
        for (FileInputs.Counted each : FileInputs.of(files, format)) {
          SourceRange file = each.lines();
          counted.put(file.source(), file.end() - file.first());
          assertThat(file.first(), is(1L));
          assertThat(
              file.source(), outcome.origins().get(file.source()).nextPosition(), is(file.end()));
        }
        assertThat(accounted, is(counted));
        expected.forEach(
            (name, lines) -> {
              if (lines >= 0) {
                assertThat(name, counted.get(directory + "/" + name), is(lines));
              }
            });
        assertThat(counted.size(), is(expected.size()));
        assertThat(outcome.unaccounted().toString(), outcome.unaccounted().isEmpty(), is(true));
      }
    }
  }

  @Test
  void quotesCountInALineThatIsTooLongAsWell() throws Exception {
    String fields = "x\r".repeat(Lines.MAX_LINE_BYTES / 2 + 9);
    Path file = directory.resolve("long.csv");
    Files.writeString(file, HEADER + "\"" + fields + "\",\"\r\",\r1,2,3\n");

    long read = 0;
    for (Block block : Ranges.blocks(file, CSV, Long.MAX_VALUE)) {
      read += block.size() + block.withoutContent();
    }

    List<InputFile> files = FileSelection.of(file.toString()).files();
    assertThat(read, is(3L));
    assertThat(FileInputs.of(files, CSV).get(0).lines().end(), is(1 + read));
  }

  @Property(tries = 60)
  void anArchiveThatIsDamagedAnywhereIsCountedAsItIsRead(
      @ForAll @IntRange(min = 0, max = 1_000) int permille,
      @ForAll @IntRange(min = 0, max = 40) int garbage)
      throws IOException {
    byte[] archive = gzip(LONG);
    int at = (int) (archive.length * (long) permille / 1_000);
    byte[] bytes = garbage == 0 ? Arrays.copyOf(archive, at) : archive.clone();
    if (garbage > 0) {
      Arrays.fill(bytes, at, Math.min(bytes.length, at + garbage), (byte) (garbage * 7));
    }
    Files.write(damaged, bytes);

    long read = 0;
    for (Block block : Ranges.blocks(damaged, JSON, Long.MAX_VALUE)) {
      read += block.size() + block.withoutContent();
    }

    SourceRange counted =
        FileInputs.of(FileSelection.of(damaged.toString()).files(), JSON).get(0).lines();
    assertThat(counted.end() - counted.first(), is(read));
  }

  @Test
  void aFileIsKnownByTheBytesThatAreStored() throws Exception {
    byte[] archive = gzip(GOOD_JSON.getBytes(UTF_8));
    Files.write(directory.resolve("a.jsonl.gz"), archive);
    Files.write(directory.resolve("b.jsonl.gz"), join(archive, new byte[] {0, 0, 0}));
    Files.write(directory.resolve("c.jsonl.gz"), archive);
    Files.writeString(directory.resolve("abc.jsonl"), "abc");

    assertThat(identity("a.jsonl.gz"), is(identity("c.jsonl.gz")));
    assertThat(
        "what follows counts as well", identity("b.jsonl.gz"), is(not(identity("a.jsonl.gz"))));
    assertThat(
        identity("abc.jsonl"),
        is("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  }

  private String identity(String name) throws IOException {
    List<InputFile> files = FileSelection.of(directory + "/" + name).files();
    return FileInputs.of(files, JSON).get(0).lines().identity();
  }

  private void put(Map<String, Long> expected, String name, String text, long lines)
      throws IOException {
    put(expected, name, text.getBytes(UTF_8), lines);
  }

  private void put(Map<String, Long> expected, String name, byte[] bytes, long lines)
      throws IOException {
    Files.write(directory.resolve(name), bytes);
    expected.put(name, lines);
  }

  private static byte[] longText() {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    while (text.length() < 300_000) {
      text.append(Integer.toHexString(random.nextInt())).append('\n');
    }
    return text.toString().getBytes(UTF_8);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    }
    return zipped.toByteArray();
  }

  /** An archive whose data are whole, and whose checksum says that they are not. */
  private static byte[] badChecksum(String text) throws IOException {
    byte[] archive = gzip(text.getBytes(UTF_8));
    archive[archive.length - 8] ^= 1;
    return archive;
  }

  private static byte[] join(byte[] first, byte[] second) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.writeBytes(first);
    joined.writeBytes(second);
    return joined.toByteArray();
  }
}
