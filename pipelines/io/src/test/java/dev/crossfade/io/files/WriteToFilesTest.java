package dev.crossfade.io.files;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.io.Outputs;
import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.transforms.graph.DeadLetter;
import dev.crossfade.transforms.graph.LateRecord;
import dev.crossfade.transforms.records.Origin;
import dev.crossfade.transforms.records.RecordBytes;
import dev.crossfade.transforms.results.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteToFilesTest {
  private static final DeadLetter DEAD =
      new DeadLetter(
          new Origin("a.csv", 7),
          DeadLetter.Step.DECODE,
          "UndecodableException",
          "m",
          RecordBytes.copyOf(new byte[] {0}),
          null,
          null,
          false);

  @TempDir Path directory;
  private String prefix;
  private Path lane;

  @BeforeEach
  void names() {
    prefix = WriteToFiles.prefix(directory.toString(), "readings", "batch");
    lane = directory.resolve("readings/batch");
  }

  @Test
  void nothingIsInPlaceBeforeItIsPutThere() throws Exception {
    run(1, 2, results(10), List.of(DEAD));
    assertThat(files(), everyItem(endsWith(".part")));

    FinishedFiles.putInPlace(prefix, WriteToFiles.files(2));

    List<String> inPlace =
        List.of(
            "dead-letters-00000-of-00001.jsonl",
            "late-records-00000-of-00001.jsonl",
            "results-00000-of-00002.jsonl",
            "results-00001-of-00002.jsonl");
    assertThat(files(), is(inPlace));
    assertThat(lines("results"), hasSize(10));
    assertThat(
        lines("dead-letters"),
        contains(
            "{\"flow\":\"readings\",\"lane\":\"batch\",\"run\":1,\"origin\":\"a.csv:7\","
                + "\"step\":\"DECODE\",\"cause\":\"UndecodableException\",\"message\":\"m\","
                + "\"event_time\":null,\"window_start\":null,\"window_end\":null,\"retryable\":false,\"logic\":\"logic7\",\"bytes\":\"AA==\"}"));
    assertThat(lines("late-records"), contains(containsString("\"behind_millis\":5,")));

    List<String> before = lines("results");
    IOException nothing =
        assertThrows(
            IOException.class, () -> FinishedFiles.putInPlace(prefix, WriteToFiles.files(2)));
    assertThat(
        "a run that has written nothing",
        nothing.getMessage(),
        containsString("has left 0 of 4 files in " + prefix));
    assertThat(files(), is(inPlace));
    assertThat(lines("results"), is(before));
  }

  @Test
  void aDeadLetterAndALateRecordAreWrittenWithAllThatIsKnownOfThem() throws Exception {
    Instant time = Instant.parse("2001-02-03T04:05:06.007Z");
    DeadLetter dead =
        new DeadLetter(
            new Origin("a.csv", 7),
            DeadLetter.Step.COMPUTE,
            "Busy",
            "\"a\nb\" \ud83d\ude00",
            RecordBytes.copyOf(new byte[] {0, (byte) 0xFF, '\n', (byte) 0xC3}),
            time,
            Outputs.window(0),
            true);
    run(3, 1, List.of(), List.of(dead));
    FinishedFiles.putInPlace(prefix, WriteToFiles.files(1));

    String whose = "{\"flow\":\"readings\",\"lane\":\"batch\",\"run\":3,";
    String window =
        "\"window_start\":\"2001-02-03T04:00:00Z\",\"window_end\":\"2001-02-03T04:10:00Z\",";
    assertThat(
        lines("dead-letters"),
        contains(
            whose
                + "\"origin\":\"a.csv:7\",\"step\":\"COMPUTE\",\"cause\":\"Busy\","
                + "\"message\":\"\\\"a\\nb\\\" \ud83d\ude00\","
                + "\"event_time\":\"2001-02-03T04:05:06.007Z\","
                + window
                + "\"retryable\":true,\"logic\":\"logic7\",\"bytes\":\"AP8Kww==\"}"));
    assertThat(
        lines("late-records"),
        contains(
            whose
                + "\"origin\":\"t[0]:9\",\"event_time\":\"2001-02-03T04:05:06Z\","
                + window
                + "\"behind_millis\":5,\"bytes\":\"AQ==\"}"));
  }

  @Test
  void theNewestResultOfAnAddressIsWritten() throws Exception {
    run(
        1,
        1,
        List.of(
            Outputs.result("a", 0, 2, false),
            Outputs.result("a", 0, 3, true),
            Outputs.result("a", 0, 1, false),
            Outputs.result("a", 1, 1, false)),
        List.of(DEAD, DEAD));
    FinishedFiles.putInPlace(prefix, WriteToFiles.files(1));

    assertThat(
        lines("results"),
        contains(
            "{\"lane\":\"batch\",\"user\":\"a\",\"window_start\":\"2001-02-03T04:00:00Z\",\"window_end\":\"2001-02-03T04:10:00Z\",\"group\":\"about"
                + " a\",\"order\":3,"
                + "\"select\":30,\"end\":3.00,\"folded\":3,\"duplicates\":0,\"tombstone\":true,\"run\":1,\"conflicts\":[]}",
            "{\"lane\":\"batch\",\"user\":\"a\",\"window_start\":\"2001-02-03T04:10:00Z\",\"window_end\":\"2001-02-03T04:20:00Z\",\"group\":\"about"
                + " a\",\"order\":1,"
                + "\"select\":10,\"end\":1.00,\"folded\":1,\"duplicates\":0,\"tombstone\":false,\"run\":1,\"conflicts\":[]}"));
    assertThat(lines("dead-letters"), hasSize(1));
  }

  @Test
  void aLaterRunReplacesAndLeavesNoStaleShard() throws Exception {
    run(1, 3, results(20), List.of(DEAD));
    FinishedFiles.putInPlace(prefix, WriteToFiles.files(3));
    run(2, 2, results(20), List.of());
    FinishedFiles.putInPlace(prefix, WriteToFiles.files(2));

    assertThat(
        files(),
        contains(
            "dead-letters-00000-of-00001.jsonl",
            "late-records-00000-of-00001.jsonl",
            "results-00000-of-00002.jsonl",
            "results-00001-of-00002.jsonl"));
    assertThat(lines("dead-letters"), is(empty()));
    assertThat(lines("results"), hasSize(20));
    assertThat(lines("results"), everyItem(containsString("\"run\":2,")));
  }

  @Test
  void aRunWithoutResultsReplacesThoseBeforeByNothing() throws Exception {
    run(1, 2, results(5), List.of(DEAD));
    FinishedFiles.putInPlace(prefix, WriteToFiles.files(2));
    Pipeline pipeline = Pipeline.create();
    Pipeline.applyTransform(
        "Write",
        Outputs.of(pipeline, List.of(), List.of(), List.of()),
        WriteToFiles.of(
            directory.toString(), ReadingsFlow.plan().table(), "batch", 2, "logic7", 2));
    pipeline.run().waitUntilFinish();
    FinishedFiles.putInPlace(prefix, WriteToFiles.files(2));

    assertThat(lines("results"), is(empty()));
    assertThat(lines("dead-letters"), is(empty()));
  }

  @Test
  void whatWasInterruptedWhileItWasPutInPlaceIsFinished() throws Exception {
    run(1, 3, results(20), List.of());
    FinishedFiles.putInPlace(prefix, WriteToFiles.files(3));
    run(2, 2, results(20), List.of(DEAD));
    // As if killed after the first renaming.
    FinishedFiles.list(prefix, WriteToFiles.files(2));
    Files.move(
        lane.resolve("results-00000-of-00002.jsonl.part"),
        lane.resolve("results-00000-of-00002.jsonl"));

    // Whoever comes next, be it a new run, brings it to its end first.
    FinishedFiles.discard(prefix);

    assertThat(
        files(),
        contains(
            "dead-letters-00000-of-00001.jsonl",
            "late-records-00000-of-00001.jsonl",
            "results-00000-of-00002.jsonl",
            "results-00001-of-00002.jsonl"));
    assertThat(lines("results"), hasSize(20));
    assertThat(lines("results"), everyItem(containsString("\"run\":2,")));
  }

  @Test
  void aFailedRunLeavesNothingToSeeAndIsDiscarded() throws Exception {
    run(1, 2, results(5), List.of());
    FinishedFiles.putInPlace(prefix, WriteToFiles.files(2));
    List<String> before = lines("results");
    // The second shard cannot be written.
    Files.createDirectory(lane.resolve("results-00001-of-00002.jsonl.part"));
    Files.createFile(lane.resolve("results-00001-of-00002.jsonl.part/x"));

    assertThrows(RuntimeException.class, () -> run(2, 2, results(6), List.of(DEAD)));

    assertThat(lines("results"), is(before));
    Files.delete(lane.resolve("results-00001-of-00002.jsonl.part/x"));
    Files.delete(lane.resolve("results-00001-of-00002.jsonl.part"));
    // The runner says that it failed while other threads of it may still write.
    await()
        .until(
            () -> {
              FinishedFiles.discard(prefix);
              return files().stream().noneMatch(file -> file.endsWith(".part"));
            });
    assertThat(lines("results"), is(before));
    FinishedFiles.discard(prefix);
    FinishedFiles.discard(WriteToFiles.prefix(directory.toString(), "never", "ran"));
  }

  @Test
  void everyCharacterOfADirectorysNameIsMeantAsItIs() throws Exception {
    Path beside = Files.createDirectories(directory.resolve("out1/readings/batch"));
    Files.writeString(beside.resolve("results-00000-of-00009.jsonl"), "theirs");
    Files.writeString(beside.resolve("results-00001-of-00009.jsonl.part"), "theirs");
    for (String name :
        List.of(
            "out[1]",
            "out*",
            "out?",
            "{out1,x}",
            "a\\b",
            "a b",
            "\u00fcml\u00e4ut",
            "50%25",
            "#1",
            "x:y",
            "[",
            "out[!1]",
            "(a)+$^.|")) {
      directory = directory.resolve(name);
      names();

      FinishedFiles.discard(prefix);
      run(1, 3, results(20), List.of(DEAD));
      FinishedFiles.putInPlace(prefix, WriteToFiles.files(3));
      FinishedFiles.discard(prefix);
      run(2, 2, results(20), List.of());
      FinishedFiles.putInPlace(prefix, WriteToFiles.files(2));

      assertThat(name, files(), hasSize(4));
      assertThat(name, lines("results"), hasSize(20));
      assertThat(name, lines("results"), everyItem(containsString("\"run\":2,")));
      assertThat(name, FinishedFiles.holdResults(prefix), is(true));
      directory = directory.getParent();
      names();
    }
    lane = beside;
    assertThat(
        "those of another directory",
        files(),
        contains("results-00000-of-00009.jsonl", "results-00001-of-00009.jsonl.part"));
  }

  @Test
  void aFileThatWasNotWrittenIsMissedBeforeAnythingChanges() throws Exception {
    run(1, 2, results(5), List.of(DEAD));
    FinishedFiles.putInPlace(prefix, WriteToFiles.files(2));
    List<String> before = lines("results");
    run(2, 2, results(6), List.of());
    Files.delete(lane.resolve("results-00001-of-00002.jsonl.part"));

    IOException failure =
        assertThrows(
            IOException.class, () -> FinishedFiles.putInPlace(prefix, WriteToFiles.files(2)));

    assertThat(
        failure.getMessage(),
        containsString("3 of 4 files in " + prefix + "; there is no results-00001-of-00002"));
    assertThat(lines("results"), is(before));
    FinishedFiles.discard(prefix);
    assertThat(lines("results"), is(before));
  }

  private void run(long run, int shards, List<Result> results, List<DeadLetter> dead) {
    LateRecord late =
        new LateRecord(
            new Origin("t[0]", 9),
            Instant.parse("2001-02-03T04:05:06Z"),
            Outputs.window(0),
            Duration.ofMillis(5),
            RecordBytes.copyOf(new byte[] {1}));
    Pipeline pipeline = Pipeline.create();
    Pipeline.applyTransform(
        "Write",
        Outputs.of(pipeline, results, dead, List.of(late)),
        WriteToFiles.of(
            directory.toString(), ReadingsFlow.plan().table(), "batch", run, "logic7", shards));
    pipeline.run().waitUntilFinish();
  }

  private static List<Result> results(int count) {
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      results.add(Outputs.result("u" + i, 0, 1, false));
    }
    return results;
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(lane)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private List<String> lines(String name) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String file : files()) {
      if (file.startsWith(name) && file.endsWith(".jsonl")) {
        lines.addAll(Files.readAllLines(lane.resolve(file)));
      }
    }
    return lines;
  }
}
