package dev.crossfade.io.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import dev.crossfade.io.Reading;
import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.transforms.graph.ComputeFlow;
import dev.crossfade.transforms.graph.DeadLetter;
import dev.crossfade.transforms.graph.DeadLetter.Step;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.testing.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.Pipeline;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadFilesTest {
  private static final RecordFormat CSV = new RecordFormat.Csv(',');
  private static final RecordFormat JSON = new RecordFormat.Json();
  private static final String HEADER = "at,sensor,value\n";
  private static final String GOOD_CSV = "2001-02-03T04:05:06Z,good,1\n";
  private static final String GOOD_JSON = Reading.json("2001-02-03T04:05:06Z", "good", 1) + "\n";

  @TempDir Path directory;

  @Test
  void csvAndJsonPlainAndGzipOverSeveralFilesGiveTheSame() throws Exception {
    write("a.csv", HEADER + GOOD_CSV + GOOD_CSV);
    write("b.csv", gzip((HEADER + GOOD_CSV).getBytes(UTF_8)), ".gz");
    write("a.jsonl", GOOD_JSON + GOOD_JSON);
    write("b.jsonl", gzip(GOOD_JSON.getBytes(UTF_8)), ".gz");

    Outcome csv = run("*.csv*", CSV);
    Outcome json = run("*.jsonl*", JSON);

    assertThat(good(csv), is(3L));
    assertThat(csv.rows(), is(json.rows()));
    assertThat(csv.dead(), is(empty()));
    assertThat(json.dead(), is(empty()));
  }

  @Test
  void aBadRecordIsNamedByFileAndLineAlsoInRanges() throws Exception {
    StringBuilder text = new StringBuilder(HEADER);
    for (int i = 0; i < 500; i++) {
      text.append(GOOD_CSV);
    }
    text.append("\nbad\n").append(GOOD_CSV);
    write("a.csv", text.toString());

    for (long rangeBytes : new long[] {1_500, 5_000, Long.MAX_VALUE}) {
      Outcome outcome = run("a.csv", CSV, rangeBytes);

      assertThat(good(outcome), is(501L));
      assertThat(outcome.dead(), hasSize(1));
      assertThat(outcome.dead().get(0).origin().toString(), is(directory + "/a.csv:503"));
    }
  }

  @Test
  void anEmptyCsvFileIsADeadLetterAndAHeaderAloneIsNone() throws Exception {
    write("a.csv", "");
    write("b.csv", HEADER);
    write("c.csv", HEADER + GOOD_CSV);
    write("d.csv", gzip(new byte[0]), ".gz");

    Outcome outcome = run("*.csv*", CSV);

    assertThat(good(outcome), is(1L));
    assertThat(
        outcome.dead().stream().map(letter -> letter.origin().toString()).toList(),
        containsInAnyOrder(directory + "/a.csv:1", directory + "/d.csv.gz:1"));
    assertThat(outcome.dead().get(0).step(), is(Step.READ));
    assertThat(outcome.dead().get(0).message(), containsString("begins with a header line"));
  }

  @Test
  void anEmptyJsonFileHasNoRecords() throws Exception {
    write("a.jsonl", "");
    write("b.jsonl", "\n \n\r\n");

    Outcome outcome = run("*.jsonl", JSON);

    assertThat(outcome.panes(), is(empty()));
    assertThat(outcome.dead(), is(empty()));
  }

  @Test
  void anotherDelimiterIsToldByTheNumberOfFields() throws Exception {
    write("a.csv", "at;sensor;value\n" + GOOD_CSV.replace(',', ';'));
    write("b.csv", HEADER + GOOD_CSV.replace(',', ';') + GOOD_CSV);

    Outcome outcome = run("*.csv", CSV);

    assertThat(good(outcome), is(1L));
    assertThat(
        outcome.dead().stream().map(ReadFilesTest::told).toList(),
        containsInAnyOrder(
            containsString("a.csv:2 DECODE at is missing"),
            allOf(containsString("b.csv:2 DECODE has 1 fields"), containsString("has 3"))));
    assertThat(good(run("a.csv", new RecordFormat.Csv(';'))), is(1L));
  }

  @Test
  void whatIsNotUtf8IsADeadLetterWithItsBytes() throws Exception {
    byte[] bad = "2001-02-03T04:05:06Z,caf\u00e9,1".getBytes(ISO_8859_1);
    write("a.csv", join(HEADER.getBytes(UTF_8), bad, ("\n" + GOOD_CSV).getBytes(UTF_8)), "");
    byte[] badJson = Reading.json("2001-02-03T04:05:06Z", "caf\u00e9", 1).getBytes(ISO_8859_1);
    write("a.jsonl", join(badJson, ("\n" + GOOD_JSON).getBytes(UTF_8)), "");

    Outcome csv = run("a.csv", CSV);
    assertThat(good(csv), is(1L));
    assertThat(only(csv), containsString("a.csv:2 DECODE is not UTF-8"));
    assertThat(csv.dead().get(0).bytes().toArray(), is(bad));

    Outcome json = run("a.jsonl", JSON);
    assertThat(good(json), is(1L));
    assertThat(only(json), allOf(containsString("a.jsonl:1 DECODE"), containsString("UTF-8")));
    assertThat(json.dead().get(0).bytes().toArray(), is(badJson));
  }

  @Test
  void whatStoodBeforeTheDamageOfAnArchiveIsRead() throws Exception {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    int lines = 5_000;
    for (int i = 0; i < lines; i++) {
      text.append(Reading.json("2001-02-03T04:05:06Z", "s", 1).replace("}", ",\"note\":"))
          .append(random.nextInt())
          .append("}\n");
    }
    byte[] whole = gzip(text.toString().getBytes(UTF_8));
    write("cut.jsonl", Arrays.copyOf(whole, whole.length / 2), ".gz");
    byte[] damaged = whole.clone();
    Arrays.fill(damaged, whole.length / 2, whole.length / 2 + 50, (byte) 0x55);
    write("damaged.jsonl", damaged, ".gz");
    write("z.jsonl", GOOD_JSON);

    for (String name : List.of("cut.jsonl.gz", "damaged.jsonl.gz")) {
      Outcome outcome = run(name, JSON);

      DeadLetter last = outcome.dead().get(outcome.dead().size() - 1);
      long position = last.origin().position();
      assertThat(position, is(greaterThan(1_000L)));
      assertThat(position, is(lessThan((long) lines)));
      assertThat(last.step(), is(Step.READ));
      assertThat(last.message(), containsString("compressed bytes are not read"));
      long read = outcome.rows().values().stream().mapToLong(row -> row.bigint(1)).sum();
      // The line at which the damage is met is a dead letter, and so are garbled ones before it.
      assertThat(read + outcome.dead().size(), is(position));
    }
    assertThat(good(run("*.jsonl*", JSON)), is(1L));
  }

  @Test
  void aFileThatIsOnlyNamedAsAnArchiveFailsNothing() throws Exception {
    byte[] noise = new byte[5_000];
    new Random(2).nextBytes(noise);
    write("noise.jsonl", noise, ".gz");
    write("noise.jsonl", noise, ".bz2");
    write("empty.jsonl", new byte[0], ".bz2");
    write("header.jsonl", new byte[] {0x1f, (byte) 0x8b, 99, 99, 99}, ".gz");
    write("text.jsonl", GOOD_JSON.getBytes(UTF_8), ".gz");
    write("z.jsonl", GOOD_JSON);

    Outcome outcome = run("*.jsonl*", JSON);

    assertThat("a text is read as what it is", good(outcome), is(2L));
    List<String> told = outcome.dead().stream().map(ReadFilesTest::told).toList();
    assertThat(
        told.stream()
            .filter(letter -> letter.contains("bz2") || letter.contains("header"))
            .toList(),
        containsInAnyOrder(
            containsString("noise.jsonl.bz2:1 READ cannot be decompressed"),
            containsString("empty.jsonl.bz2:1 READ cannot be decompressed"),
            containsString("header.jsonl.gz:1 READ cannot be decompressed")));
    assertThat(
        told.stream().filter(letter -> letter.contains("noise.jsonl.gz")).toList(),
        hasSize(greaterThan(1)));
  }

  @Test
  void longLinesAreReadAndTooLongOnesAreDeadLetters() throws Exception {
    String long10 = "x".repeat(10 << 20);
    String valid = GOOD_JSON.strip().replaceFirst("}$", ",\"note\":\"" + long10 + "\"}");
    write("valid.jsonl", valid + "\n" + GOOD_JSON);
    write("invalid.jsonl", "{\"at\":\"" + long10 + "\n" + GOOD_JSON);
    write("wrong.jsonl", Reading.json(long10, "s", 1) + "\n" + GOOD_JSON);
    write("long.jsonl", "y".repeat(Lines.MAX_LINE_BYTES + 1) + "\n" + GOOD_JSON);

    assertThat(good(run("valid.jsonl", JSON)), is(2L));

    for (String name : List.of("invalid.jsonl", "wrong.jsonl")) {
      Outcome outcome = run(name, JSON);
      assertThat(good(outcome), is(1L));
      assertThat(only(outcome), containsString(name + ":1 DECODE"));
      assertThat(outcome.dead().get(0).message().length(), is(lessThan(2_000)));
      assertThat(outcome.dead().get(0).bytes().length(), is(greaterThan(10 << 20)));
    }

    Outcome tooLong = run("long.jsonl", JSON, 1 << 20);
    assertThat(good(tooLong), is(1L));
    assertThat(only(tooLong), containsString("long.jsonl:1 READ is longer than 16777216 bytes"));
    assertThat(tooLong.dead().get(0).bytes().length(), is(Lines.MAX_LINE_BYTES));
  }

  @Test
  void badJsonRecordsAreDeadLettersEach() throws Exception {
    String good = GOOD_JSON.strip();
    assertDead("\0" + good, containsString("DECODE is not JSON"));
    assertDead(good.replace("good", "a\0b"), containsString("DECODE is not JSON"));
    assertDead(
        good.replace("good", "a\\u0000b"),
        containsString("DECODE sensor holds the character U+0000"));
    assertDead(good + " x", containsString("DECODE is not JSON"));
    assertDead(good + good, containsString("DECODE something follows the JSON object"));
    assertDead(
        good.replaceFirst("}$", ",\"value\":2}"),
        containsString("value stands in the record twice"));
    assertDead(
        good.replaceFirst("}$", ",\"at\":\"2001-02-03T04:05:06Z\"}"),
        containsString("at stands in the record twice"));
    assertDead("[1]", containsString("DECODE is not a JSON object"));
    assertDead("null", containsString("DECODE is not a JSON object"));
    assertDead("{}", containsString("DECODE at is missing"));
    assertDead(good.replace("1}", "[1]}"), containsString("value is a list or an object"));
    assertDead(
        good.replace("1}", "1.5}"), containsString("value is '1.5'; expected a whole number"));
    assertDead(good.replace("1}", "-1}"), containsString("VALIDATE value is -1"));
    assertDead("[".repeat(5_000), containsString("DECODE"));
    assertDead("{\"x\":" + "[".repeat(5_000), containsString("DECODE is not JSON"));
  }

  @Test
  void timesThatDoNotExistAreDeadLettersAndTheFirstAndLastYearAreRead() throws Exception {
    for (String time :
        List.of(
            "2001-02-30T00:00:00Z",
            "2001-13-01T00:00:00Z",
            "2001-01-01T24:01:00Z",
            "2001-01-01T00:00:00",
            "2001-01-01",
            "0000-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "yesterday",
            "")) {
      assertDead(Reading.json(time, "s", 1), containsString("DECODE at"));
    }
    assertDead(
        GOOD_JSON.strip().replaceFirst("}$", ",\"day\":\"2001-02-29\"}"),
        containsString("DECODE day is '2001-02-29'"));
    write(
        "years.jsonl",
        Reading.json("0001-01-01T00:00:00Z", "s", 1)
            + "\n"
            + Reading.json("9999-12-31T23:59:59.999Z", "s", 1)
            + "\n"
            + Reading.json("-62135596800000", "s", 1)
            + "\n");

    Outcome outcome = run("years.jsonl", JSON);

    assertThat(outcome.dead(), is(empty()));
    assertThat(
        outcome.rows().keySet().stream().map(address -> address.window().toString()).toList(),
        contains(
            "[0001-01-01T00:00:00Z, 0001-01-01T00:10:00Z)",
            "[9999-12-31T23:50:00Z, +10000-01-01T00:00:00Z)"));
  }

  @Test
  void quotedFieldsAreReadAndQuotedNewlinesAreDeadLetters() throws Exception {
    write(
        "a.csv",
        HEADER
            + "2001-02-03T04:05:06Z,\"a,\"\"b\"\"\",1\n"
            + "2001-02-03T04:05:06Z,\"a\nb\",1\n"
            + GOOD_CSV);

    Outcome outcome = run("a.csv", CSV);

    assertThat(good(outcome), is(1L));
    assertThat(
        outcome.rows().keySet().stream().map(address -> address.key().text(0)).toList(),
        containsInAnyOrder("a,\"b\"", "good"));
    assertThat(
        outcome.dead().stream().map(ReadFilesTest::told).toList(),
        containsInAnyOrder(
            containsString("a.csv:3 DECODE is not a CSV record (a quoted field has to end in"),
            containsString("a.csv:4 DECODE")));
  }

  @Test
  void everyLineEndThatATextMayHaveGivesTheSameRecords() throws Exception {
    String text = HEADER + GOOD_CSV + GOOD_CSV + GOOD_CSV;
    for (String end : List.of("\n", "\r\n", "\r", "\r\r\n")) {
      for (String file : List.of(text, text.strip(), "\uFEFF" + text)) {
        write("a.csv", file.replace("\n", end));

        Outcome outcome = run("a.csv", CSV, 40);

        assertThat(good(outcome), is(3L));
        assertThat(outcome.dead(), is(empty()));
      }
      write("a.jsonl", (GOOD_JSON + GOOD_JSON).replace("\n", end));
      assertThat(good(run("a.jsonl", JSON, 40)), is(2L));
    }
    write("mixed.csv", HEADER + GOOD_CSV.strip() + "\r" + GOOD_CSV.strip() + "\r\r\r\n" + GOOD_CSV);
    assertThat(good(run("mixed.csv", CSV, 40)), is(3L));
  }

  @Test
  void aReturnWithinQuotesIsAPartOfTheFieldAndOtherSeparatorsEndNoLine() throws Exception {
    write(
        "a.csv",
        HEADER
            + "2001-02-03T04:05:06Z,\"a\rb\",1\r\n"
            + "2001-02-03T04:05:06Z,a\u0085\u2028\u2029\f\u000bb,1\r\n");

    Outcome outcome = run("a.csv", CSV, 40);

    assertThat(outcome.dead(), is(empty()));
    assertThat(
        outcome.rows().keySet().stream().map(address -> address.key().text(0)).toList(),
        containsInAnyOrder("a\rb", "a\u0085\u2028\u2029\f\u000bb"));
  }

  @Test
  void quotedEmptyTextIsATextAndAnEmptyFieldIsMissing() throws Exception {
    write(
        "a.csv",
        HEADER
            + "2001-02-03T04:05:06Z,\"\",1\n"
            + "2001-02-03T04:05:06Z,,1\n"
            + "2001-02-03T04:05:06Z,x,\"\"\n"
            + "\"\",x,1\n"
            + ",x,1\n");

    Outcome outcome = run("a.csv", CSV);

    assertThat(
        outcome.rows().keySet().stream().map(address -> address.key().text(0)).toList(),
        contains(""));
    assertThat(
        outcome.dead().stream().map(ReadFilesTest::told).toList(),
        containsInAnyOrder(
            containsString("a.csv:3 DECODE sensor is missing"),
            containsString("a.csv:4 DECODE value is ''; expected a whole number"),
            containsString("a.csv:5 DECODE at"),
            containsString("a.csv:6 DECODE at is missing")));
  }

  @Test
  void aLineOfTabsIsARecordWhereTabsSeparateFields() throws Exception {
    write("a.tsv", (HEADER + GOOD_CSV + "\t\t\n \n\t\n").replace(',', '\t'));
    write("a.csv", HEADER + GOOD_CSV + ",,\n \n\t\n");

    Outcome tabs = run("a.tsv", new RecordFormat.Csv('\t'));
    Outcome commas = run("a.csv", CSV);

    assertThat(good(tabs), is(1L));
    assertThat(
        tabs.dead().stream().map(ReadFilesTest::told).toList(),
        containsInAnyOrder(
            containsString("a.tsv:3 DECODE at is missing"),
            containsString("a.tsv:5 DECODE has 2 fields")));
    assertThat(only(commas), containsString("a.csv:3 DECODE at is missing"));
  }

  @Test
  void textThatIsNotUtf8ByItsOwnMarkIsRefusedAsAWhole() throws Exception {
    write("a.csv", ("\uFEFF" + HEADER + GOOD_CSV).getBytes(StandardCharsets.UTF_16LE), "");
    write("b.csv", ("\uFEFF" + HEADER + GOOD_CSV).getBytes(StandardCharsets.UTF_16BE), "");
    write("c.csv", HEADER + GOOD_CSV);

    Outcome outcome = run("*.csv", CSV, 10);

    assertThat(good(outcome), is(1L));
    assertThat(
        outcome.dead().stream().map(ReadFilesTest::told).toList(),
        containsInAnyOrder(
            containsString("a.csv:1 READ begins with the byte order mark of UTF-16"),
            containsString("b.csv:1 READ begins with the byte order mark of UTF-16")));
  }

  @Test
  void aPaddedArchiveIsReadAndOneWithAWrongChecksumGivesAllItHasAndALetter() throws Exception {
    byte[] archive = gzip((HEADER + GOOD_CSV + GOOD_CSV.strip()).getBytes(UTF_8));
    write("padded.csv", join(archive, new byte[1_000]), ".gz");
    byte[] wrong = archive.clone();
    wrong[archive.length - 8] ^= 1;
    write("wrong.csv", wrong, ".gz");

    Outcome padded = run("padded.csv.gz", CSV);
    assertThat(good(padded), is(2L));
    assertThat(padded.dead(), is(empty()));

    Outcome outcome = run("wrong.csv.gz", CSV);
    assertThat(good(outcome), is(2L));
    assertThat(
        only(outcome), containsString("wrong.csv.gz:4 READ cannot be decompressed to its end"));
  }

  @Test
  void aHeaderThatNamesAFieldTwiceIsToldForEveryRecord() throws Exception {
    write(
        "a.csv",
        "at,sensor,sensor,value\n2001-02-03T04:05:06Z,a,b,1\n2001-02-03T04:05:06Z,a,b,1\n");
    write("b.csv", "\uFEFF" + HEADER + GOOD_CSV);

    Outcome outcome = run("*.csv", CSV);

    assertThat("a byte order mark is no part of a name", good(outcome), is(1L));
    assertThat(outcome.dead(), hasSize(2));
    assertThat(outcome.dead().get(0).message(), is("the header names the field 'sensor' twice"));
  }

  private void assertDead(String line, Matcher<String> told) throws IOException {
    write("dead.jsonl", line + "\n" + GOOD_JSON);
    Outcome outcome = run("dead.jsonl", JSON);

    assertThat(line.substring(0, Math.min(line.length(), 100)), only(outcome), told);
    assertThat(outcome.dead().get(0).origin().position(), is(1L));
    assertThat(outcome.dead().get(0).bytes().toArray(), is(line.getBytes(UTF_8)));
    assertThat("the record beside it", good(outcome), is(1L));
  }

  private Outcome run(String pattern, RecordFormat format) {
    return run(pattern, format, ReadFiles.RANGE_BYTES);
  }

  private Outcome run(String pattern, RecordFormat format, long rangeBytes) {
    List<InputFile> files;
    try {
      files = FileSelection.of(directory + "/" + pattern).files();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Pipeline pipeline = Pipeline.create();
    return Outcome.of(
        pipeline,
        pipeline
            .apply("Read", ReadFiles.of(files, format).withRangeBytes(rangeBytes))
            .apply("Compute", ComputeFlow.of(ReadingsFlow.plan(), format)));
  }

  /** How many of the good records came out. */
  private static long good(Outcome outcome) {
    return outcome.rows().entrySet().stream()
        .filter(row -> row.getKey().key().text(0).equals("good"))
        .mapToLong(row -> row.getValue().bigint(1))
        .sum();
  }

  private static String only(Outcome outcome) {
    assertThat(outcome.dead(), hasSize(1));
    return told(outcome.dead().get(0));
  }

  private static String told(DeadLetter letter) {
    return letter.origin() + " " + letter.step() + " " + letter.message();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private void write(String name, byte[] bytes, String ending) throws IOException {
    Files.write(directory.resolve(name + ending), bytes);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    }
    return zipped.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }
}
