package dev.crossfade.io.kafka;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.io.Reading;
import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.io.Servers;
import dev.crossfade.transforms.graph.ComputeFlow;
import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.testing.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class ReadTopicTest {
  private static final Instant START = Instant.parse("2001-02-03T04:00:00Z");
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration SOON = Duration.ofMillis(200);
  private static final EventTimes TIMES =
      new EventTimes(
          "at", null, Instant.parse("2001-01-01T00:00:00Z"), Instant.parse("2001-12-31T00:00:00Z"));

  @Test
  void everySplitBeginsWithAnEmptyBlockAndSpareSplitsAreAtTheirEnd() throws Exception {
    KafkaTopic topic = Topics.create(2);
    List<TopicBlocks> splits =
        source(topic, NEVER, false).split(5, PipelineOptionsFactory.create());

    assertThat(splits, hasSize(5));
    assertThat(source(topic, NEVER, false).split(1, PipelineOptionsFactory.create()), hasSize(2));
    for (int i = 0; i < splits.size(); i++) {
      try (PartitionReader reader = reader(splits.get(i), null)) {
        assertThat(reader.start(), is(true));
        assertThat(reader.getCurrent().size(), is(0));
        assertThat(
            "no element is at the end of time",
            reader.getCurrentTimestamp().isBefore(BoundedWindow.TIMESTAMP_MAX_VALUE),
            is(true));
        assertThat(
            reader.getWatermark(),
            is(i < 2 ? BoundedWindow.TIMESTAMP_MIN_VALUE : BoundedWindow.TIMESTAMP_MAX_VALUE));
        assertThat(reader.advance(), is(false));
      }
    }
  }

  @Test
  void verdictsAndWatermarksAreTheSameAfterARestartAtAnyPlace() throws Exception {
    Random random = new Random(20010203);
    int lates = 0;
    for (int trial = 0; trial < 2; trial++) {
      KafkaTopic topic = Topics.create(1);
      List<String> values = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        // Forward on the whole; sometimes far back, sometimes nothing that can be read.
        int minute = i + random.nextInt(20) - (random.nextInt(4) == 0 ? 30 : 0);
        values.add(
            random.nextInt(15) == 0
                ? "garbage"
                : random.nextInt(15) == 0 ? null : at(minute * 60L + random.nextInt(60)));
      }
      Topics.append(topic, 0, values);
      Topics.append(topic, 0, List.of(at(60 * 200)));
      TopicBlocks whole = split(topic, NEVER, false);
      List<String> through = new ArrayList<>();
      PartitionMark end = read(whole, null, 41, through);
      assertThat(end.nextOffset(), is(41L));
      lates += (int) through.stream().filter(record -> record.contains(" late ")).count();

      // One record a block: a mark after each, and the restart from it.
      List<String> oneByOne = new ArrayList<>();
      PartitionMark mark = null;
      List<PartitionMark> marks = new ArrayList<>();
      TopicBlocks small = whole.withMaxBlockRecords(1);
      while (mark == null || mark.nextOffset() < 41) {
        mark = read(small, mark, mark == null ? 1 : mark.nextOffset() + 1, oneByOne);
        marks.add(mark);
      }
      assertThat("blocks of one and restarts", oneByOne, is(through));
      assertThat(mark, is(end));
      for (int i = 0; i < marks.size(); i += 5) {
        List<String> rest = new ArrayList<>();
        PartitionMark from = marks.get(i);
        assertThat(read(whole, from, 41, rest), is(end));
        assertThat(rest, is(through.subList(through.size() - rest.size(), through.size())));
      }
    }
    assertThat("some are late, or this shows nothing", lates > 5, is(true));
  }

  @Test
  void theWatermarkFollowsTheLogAndNothingUnbelievableMovesIt() throws Exception {
    KafkaTopic topic = Topics.create(1);
    Topics.append(
        topic,
        0,
        List.of(
            at(0),
            "{\"at\":\"2999-01-01T00:00:00Z\"}",
            "garbage",
            "{\"at\":\"yesterday\"}",
            at(90)));
    List<String> records = new ArrayList<>();

    PartitionMark mark = read(split(topic, NEVER, false), null, 5, records);

    assertThat(records, hasSize(5));
    assertThat(mark.watermark(), is(START.plusSeconds(30).toEpochMilli()));
  }

  @Test
  void tombstonesAndWhatWasTakenBackAreNoRecords() throws Exception {
    KafkaTopic topic = Topics.create(1);
    List<String> values = new ArrayList<>();
    values.add(at(0));
    values.add(null);
    Topics.append(topic, 0, values);
    Topics.appendAndAbort(topic, 0, List.of(at(6_000)));
    Topics.append(topic, 0, List.of(at(1)));
    List<String> records = new ArrayList<>();

    PartitionMark mark = read(split(topic, NEVER, false), null, 5, records);

    assertThat(records, hasSize(2));
    assertThat(mark.watermark(), is(START.plusSeconds(1 - 60).toEpochMilli()));
  }

  @Test
  void blocksCoverEachOffsetOnceWhateverItHolds() throws Exception {
    KafkaTopic topic = Topics.create(1);
    List<String> values = new ArrayList<>();
    values.add(null);
    values.add(at(0));
    values.add(null);
    Topics.append(topic, 0, values);
    Topics.appendAndAbort(topic, 0, List.of(at(1), at(2)));
    Topics.append(topic, 0, List.of("garbage", at(3)));
    Topics.appendAndAbort(topic, 0, List.of(at(4)));
    TopicEnd.declare(topic);
    Topics.append(topic, 0, List.of(at(5)));

    for (int records : new int[] {1, 3, 100}) {
      for (boolean stopAtEnd : new boolean[] {true, false}) {
        List<Block> blocks = new ArrayList<>();
        PartitionMark mark =
            readBlocks(
                split(topic, NEVER, stopAtEnd).withMaxBlockRecords(records), null, 12, blocks);

        // Offset 10 is the declared end, and 11 behind it.
        long next = stopAtEnd ? 11 : 12;
        assertThat(mark.nextOffset(), is(next));
        long covered = 0;
        long found = 0;
        for (Block block : blocks) {
          covered += block.size() + block.withoutContent();
          found += block.size();
          assertThat("no gap, no overlap", block.nextPosition(), is(covered));
        }
        assertThat(covered, is(next));
        assertThat(found, is(stopAtEnd ? 3L : 4L));
      }
    }
  }

  /** The broker writes the mark of an abort when it likes to, also behind all records. */
  @Test
  void theMarkOfATransactionAtTheEndIsReadPast() throws Exception {
    KafkaTopic topic = Topics.create(1);
    Topics.append(topic, 0, List.of(at(0)));
    Topics.appendAndAbort(topic, 0, List.of(at(1)));
    List<String> records = new ArrayList<>();

    PartitionMark mark = read(split(topic, NEVER, false), null, 3, records);

    assertThat(records, hasSize(1));
    assertThat(mark.nextOffset(), is(3L));
  }

  @Test
  void aDeclaredEndIsOneOnlyForWhoStopsThere() throws Exception {
    KafkaTopic topic = Topics.create(1);
    Topics.append(topic, 0, List.of(at(0)));
    TopicEnd.declare(topic);
    Topics.append(topic, 0, List.of(at(1)));

    List<String> stopped = new ArrayList<>();
    PartitionMark end = read(split(topic, NEVER, true), null, 2, stopped);
    assertThat(stopped, hasSize(1));
    assertThat(end.ended(), is(true));
    try (PartitionReader again = reader(split(topic, NEVER, true), end)) {
      assertThat(again.start(), is(true));
      assertThat(again.advance(), is(false));
      assertThat(again.getWatermark(), is(BoundedWindow.TIMESTAMP_MAX_VALUE));
    }

    List<String> through = new ArrayList<>();
    assertThat(read(split(topic, NEVER, false), null, 3, through).ended(), is(false));
    assertThat(through, hasSize(2));
  }

  @Test
  void deletedOffsetsFailAndAreNotJumped() throws Exception {
    KafkaTopic topic = Topics.create(1);
    Topics.append(topic, 0, List.of(at(0), at(1), at(2), at(3)));
    PartitionMark mark = new PartitionMark(1, 0, false);
    Topics.deleteBefore(topic, 0, 3);

    assertThat(
        failureOf(split(topic, NEVER, false), mark),
        containsString(topic.name() + "[0] no longer has offset 1: records were deleted"));
    List<String> records = new ArrayList<>();
    read(split(topic, NEVER, false), null, 4, records);
    assertThat("a new read begins where the log does", records, hasSize(1));
  }

  /** All that lets a consumer lose records without a word, asked for by the user. */
  @Test
  void noPropertyMakesItJumpOrCommitOrReadWhatWasTakenBack() throws Exception {
    KafkaTopic topic = Topics.create(1);
    KafkaTopic careless =
        Servers.topic(
            topic.name(),
            Map.of(
                "auto.offset.reset", "latest",
                "enable.auto.commit", "true",
                "auto.commit.interval.ms", "1",
                "group.id", topic.name(),
                "isolation.level", "read_uncommitted"));
    Topics.append(topic, 0, List.of(at(0), at(1), at(2)));
    Topics.appendAndAbort(topic, 0, List.of(at(3)));
    List<String> records = new ArrayList<>();

    read(split(careless, NEVER, false), null, 5, records);
    assertThat(records, hasSize(3));
    assertThat(Topics.groups(), not(hasItem(topic.name())));

    Topics.deleteBefore(topic, 0, 2);
    assertThat(
        failureOf(split(careless, NEVER, false), new PartitionMark(1, 0, false)),
        containsString(" no longer has offset 1: records were deleted"));
  }

  @Test
  void aTopicThatIsNotThereFails() throws Exception {
    KafkaTopic topic = Topics.create(1).named("nowhere");

    IOException failure =
        assertThrows(
            IOException.class,
            () -> source(topic, NEVER, false).split(1, PipelineOptionsFactory.create()));

    assertThat(failure.getMessage(), containsString("there is no topic nowhere at 127.0.0.1:"));
  }

  @Test
  void anIdlePartitionFollowsTheEventTimeOfTheOthersAndNoClock() throws Exception {
    KafkaTopic topic = Topics.create(3);
    List<TopicBlocks> splits = source(topic, SOON, false).split(1, PipelineOptionsFactory.create());
    try (PartitionReader cold = reader(splits.get(2), null)) {
      cold.start();
      // All are idle: there is nothing to follow, however long that lasts.
      await()
          .during(Duration.ofSeconds(1))
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  !cold.advance() && cold.getWatermark().equals(BoundedWindow.TIMESTAMP_MIN_VALUE));

      Topics.append(topic, 0, List.of(at(600), at(0)));
      Topics.append(topic, 1, List.of(at(300), "garbage"));
      await()
          .until(
              () ->
                  !cold.advance()
                      && cold.getWatermark().getMillis()
                          == START.plusSeconds(600 - 60).toEpochMilli());
      await()
          .during(Duration.ofMillis(600))
          .until(
              () ->
                  !cold.advance()
                      && cold.getCheckpointMark().watermark()
                          == START.plusSeconds(600 - 60).toEpochMilli());
    }
    try (PartitionReader patient =
        reader(
            source(topic, NEVER, false).split(1, PipelineOptionsFactory.create()).get(2), null)) {
      patient.start();
      await()
          .during(Duration.ofMillis(600))
          .until(
              () ->
                  !patient.advance()
                      && patient.getWatermark().equals(BoundedWindow.TIMESTAMP_MIN_VALUE));
    }
  }

  /** However far ahead the others are, and however slowly it is read. */
  @Test
  void aPartitionThatIsNotReadToItsEndIsNotIdle() throws Exception {
    KafkaTopic topic = Topics.create(2);
    Topics.append(topic, 0, IntStream.range(0, 20).mapToObj(ReadTopicTest::at).toList());
    Topics.append(topic, 1, List.of(at(36_000)));
    List<String> records = new ArrayList<>();

    read(split(topic, Duration.ofNanos(1), false).withMaxBlockRecords(1), null, 20, records);

    assertThat(records, hasSize(20));
    assertThat(records, everyItem(containsString(" in time ")));
  }

  @Test
  void windowsCloseThoughAPartitionWasNeverWritten() throws Exception {
    KafkaTopic topic = Topics.create(2);
    Topics.append(topic, 0, List.of(at(0), at(1), "garbage", at(3_600), at(2)));
    TopicEnd.declare(topic);
    Pipeline pipeline = Pipeline.create();

    Outcome outcome =
        Outcome.of(
            pipeline,
            pipeline
                .apply(
                    "Read",
                    ReadTopic.of(topic, TIMES, ReadingsFlow.WINDOWS, SOON, IdleAdvances.NONE, true))
                .apply("Compute", ComputeFlow.of(ReadingsFlow.plan(TIMES), ReadTopic.format())));

    assertThat(
        outcome.rows().values().stream().map(row -> row.bigint(1)).toList(), contains(2L, 1L));
    assertThat(
        outcome.late().stream().map(late -> late.origin().toString()).toList(),
        contains(topic.name() + "[0]:4"));
    assertThat(
        outcome.dead().stream().map(dead -> dead.origin().toString()).toList(),
        hasItem(topic.name() + "[0]:2"));
  }

  /**
   * A partition of hours is behind one of the same hours with few records, and behind one that is
   * at the end of them, for as long as there is anything to read. Their windows wait for it.
   */
  @Test
  void partitionsThatAreReadAtDifferentSpeedsMakeNothingLate() throws Exception {
    int seconds = 6 * 3_600;
    int shortBy = 600;
    KafkaTopic topic = Topics.create(3);
    Topics.append(topic, 0, every(1, seconds));
    Topics.append(topic, 1, every(shortBy, seconds));
    Topics.append(topic, 2, List.of(at(seconds - 1)));
    TopicEnd.declare(topic);
    Pipeline pipeline = Pipeline.create();

    Outcome outcome =
        Outcome.of(
            pipeline,
            pipeline
                .apply(
                    "Read",
                    ReadTopic.of(topic, TIMES, ReadingsFlow.WINDOWS, SOON, IdleAdvances.NONE, true))
                .apply("Compute", ComputeFlow.of(ReadingsFlow.plan(TIMES), ReadTopic.format())));

    assertThat(outcome.late(), is(empty()));
    List<Long> counts =
        new ArrayList<>(
            outcome.rows().values().stream().map(row -> row.bigint(1)).sorted().toList());
    assertThat(counts.remove(counts.size() - 1), is(shortBy + 2L));
    assertThat(counts, hasSize(seconds / shortBy - 1));
    assertThat(counts, everyItem(is(shortBy + 1L)));
  }

  /** A record each so many seconds. */
  private static List<String> every(int step, int seconds) {
    return IntStream.iterate(0, second -> second < seconds, second -> second + step)
        .mapToObj(ReadTopicTest::at)
        .toList();
  }

  @Test
  void theMarkSurvivesItsCoder() throws Exception {
    PartitionMark mark = new PartitionMark(5, -7, true);
    TopicBlocks source = split(Topics.create(1), NEVER, false);

    assertThat(CoderUtils.clone(source.getCheckpointMarkCoder(), mark), is(mark));
  }

  /** Reads on from a mark until an offset is reached or the end, and tells of each record. */
  private static PartitionMark read(
      TopicBlocks source, PartitionMark from, long until, List<String> records) throws Exception {
    List<Block> blocks = new ArrayList<>();
    PartitionMark mark = readBlocks(source, from, until, blocks);
    blocks.forEach(block -> tell(block, records));
    return mark;
  }

  /** One takes no record without a key, and forgets one without a value. */
  @Test
  void aCompactedTopicHasAnEndAsWell() throws Exception {
    KafkaTopic topic =
        Topics.create("compacted_to_the_end", 2, Map.of("cleanup.policy", "compact"));
    Topics.append(topic, 0, "k", at(0));

    TopicEnd.declare(topic);
    TopicEnd.declare(topic);

    for (int partition = 0; partition < 2; partition++) {
      List<Block> blocks = new ArrayList<>();
      TopicBlocks split =
          TopicBlocks.of(
                  topic, ReadingsFlow.TIMES, ReadingsFlow.WINDOWS, NEVER, IdleAdvances.NONE, true)
              .split(2, PipelineOptionsFactory.create())
              .get(partition);
      assertThat(readBlocks(split, null, 9, blocks).ended(), is(true));
      assertThat(blocks.stream().mapToInt(Block::size).sum(), is(1 - partition));
    }
    assertThat(
        "each end is the newest of its key, and has a value",
        Topics.read(topic).stream().filter(record -> record.value() == null).count(),
        is(0L));
  }

  private static PartitionMark readBlocks(
      TopicBlocks source, PartitionMark from, long until, List<Block> blocks) throws Exception {
    try (PartitionReader reader = reader(source, from)) {
      reader.start();
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      // Each call asks the broker, so this does not spin.
      for (PartitionMark mark = reader.getCheckpointMark();
          !mark.ended() && mark.nextOffset() < until;
          mark = reader.getCheckpointMark()) {
        if (reader.advance()) {
          blocks.add(reader.getCurrent());
        }
        assertThat("in time", System.nanoTime() < deadline, is(true));
      }
      return CoderUtils.clone(source.getCheckpointMarkCoder(), reader.getCheckpointMark());
    }
  }

  /** How a reader fails that reads nothing before. */
  private static String failureOf(TopicBlocks source, PartitionMark from) throws Exception {
    try (PartitionReader reader = reader(source, from)) {
      reader.start();
      IOException[] failure = new IOException[1];
      await()
          .until(
              () -> {
                try {
                  assertThat("nothing is read", reader.advance(), is(false));
                  return false;
                } catch (IOException e) {
                  failure[0] = e;
                  return true;
                }
              });
      return failure[0].getMessage();
    }
  }

  private static void tell(Block block, List<String> records) {
    for (int i = 0; i < block.size(); i++) {
      records.add(
          block.origin(i)
              + (block.isLate(i) ? " late after " + block.lateAfter(i) : " in time ")
              + block.eventTime(i));
    }
  }

  private static String at(long second) {
    return Reading.json(START.plusSeconds(second).toString(), "s", 1);
  }

  private static PartitionReader reader(TopicBlocks source, PartitionMark mark) {
    return (PartitionReader) source.createReader(PipelineOptionsFactory.create(), mark);
  }

  private static TopicBlocks split(KafkaTopic topic, Duration idleAfter, boolean stopAtEnd)
      throws IOException {
    return source(topic, idleAfter, stopAtEnd).split(1, PipelineOptionsFactory.create()).get(0);
  }

  private static TopicBlocks source(KafkaTopic topic, Duration idleAfter, boolean stopAtEnd) {
    return TopicBlocks.of(
        topic, TIMES, ReadingsFlow.WINDOWS, idleAfter, IdleAdvances.NONE, stopAtEnd);
  }
}
