package dev.crossfade.io.kafka;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.crossfade.io.Reading;
import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.io.Servers;
import dev.crossfade.io.Sql;
import dev.crossfade.io.jdbc.RunTarget;
import dev.crossfade.io.jdbc.StoredIdleAdvances;
import dev.crossfade.transforms.records.Block;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;

/** What the clock decided is the same when the log is read again. */
class IdleAdvancesTest {
  private static final Instant START = Instant.parse("2001-02-03T04:00:00Z");
  private static final Duration SOON = Duration.ofMillis(200);
  private static final Duration NEVER = Duration.ofDays(1);

  @Test
  void verdictsAreTheSameAfterARestartThoughThePartitionIsNotIdleThereAnyMore() throws Exception {
    Sql.createStore(ReadingsFlow.plan().table());
    IdleAdvances stored = stored(1);
    KafkaTopic topic = Topics.create(2);
    Topics.append(topic, 0, List.of(at(7_200)));
    Topics.append(topic, 1, List.of(at(0)));
    List<String> first = new ArrayList<>();
    PartitionMark before;
    try (PartitionReader reader = reader(topic, SOON, stored, null)) {
      reader.start();
      readTo(reader, 1, first);
      before = reader.getCheckpointMark();
      awaitAdvanceTo(reader, 7_200 - 60);
      Topics.append(topic, 1, List.of(at(1), at(7_300), at(2)));
      readTo(reader, 4, first);
      assertThat(first, contains("0 in time", "1 late", "2 in time", "3 late"));

      // Idle once more, and further: each at its own offset.
      Topics.append(topic, 0, List.of(at(14_400)));
      awaitAdvanceTo(reader, 14_400 - 60);
      Topics.append(topic, 1, List.of(at(7_301)));
      readTo(reader, 5, first);
    }

    for (Duration idleAfter : List.of(NEVER, SOON)) {
      List<String> second = new ArrayList<>();
      PartitionMark end = readTo(topic, idleAfter, stored, before, second);
      assertThat(second, is(first.subList(1, 5)));
      List<String> anew = new ArrayList<>();
      assertThat(readTo(topic, idleAfter, stored, null, anew), is(end));
      assertThat(anew, is(first));
    }
    List<String> ofAnotherRun = new ArrayList<>();
    readTo(topic, NEVER, stored(2), before, ofAnotherRun);
    assertThat("or this shows nothing", ofAnotherRun, is(not(first.subList(1, 5))));
  }

  @Test
  void nothingIsLetPassThatIsNotRecordedAndNothingIsReadUntilThatIsKnown() throws Exception {
    KafkaTopic topic = Topics.create(2);
    Topics.append(topic, 0, List.of(at(7_200)));
    Topics.append(topic, 1, List.of(at(0)));
    LostAnswers store = new LostAnswers();
    List<String> first = new ArrayList<>();
    PartitionMark before;
    try (PartitionReader reader = reader(topic, SOON, store, null)) {
      reader.start();
      readTo(reader, 1, first);
      store.answersAreLost = true;
      await().until(() -> !reader.advance() && !store.kept.isEmpty());
      Topics.append(topic, 1, List.of(at(1)));
      await()
          .during(Duration.ofSeconds(1))
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  !reader.advance()
                      && reader.getWatermark().getMillis()
                          == START.minusSeconds(60).toEpochMilli());
      before = reader.getCheckpointMark();
      // Another reader cannot ask what is recorded, and does not read either.
      try (PartitionReader other = reader(topic, SOON, store, before)) {
        other.start();
        await()
            .during(Duration.ofMillis(500))
            .atMost(Duration.ofSeconds(20))
            .until(() -> !other.advance());
      }
      store.answersAreLost = false;
      readTo(reader, 2, first);
    }
    assertThat(first, contains("0 in time", "1 late"));
    assertThat(before.nextOffset(), is(1L));
    List<String> second = new ArrayList<>();
    try (PartitionReader reader = reader(topic, NEVER, store, before)) {
      reader.start();
      readTo(reader, 2, second);
    }
    assertThat(second, contains("1 late"));
  }

  private static void awaitAdvanceTo(PartitionReader reader, long second) {
    await()
        .until(
            () ->
                !reader.advance()
                    && reader.getWatermark().getMillis()
                        == START.plusSeconds(second).toEpochMilli());
  }

  private static IdleAdvances stored(long run) {
    return StoredIdleAdvances.of(
        Servers.postgres(),
        "readings",
        new RunTarget("stream", run, 1, false, "logic", Duration.ofMinutes(1)));
  }

  private static PartitionMark readTo(
      KafkaTopic topic,
      Duration idleAfter,
      IdleAdvances advances,
      PartitionMark from,
      List<String> records)
      throws Exception {
    try (PartitionReader reader = reader(topic, idleAfter, advances, from)) {
      reader.start();
      readTo(reader, 5, records);
      return reader.getCheckpointMark();
    }
  }

  /** Reads on until an offset is reached, and tells of each record. */
  private static void readTo(PartitionReader reader, long until, List<String> records) {
    await()
        .until(
            () -> {
              if (reader.advance()) {
                Block block = reader.getCurrent();
                for (int i = 0; i < block.size(); i++) {
                  records.add(
                      block.origin(i).position() + (block.isLate(i) ? " late" : " in time"));
                }
              }
              return reader.getCheckpointMark().nextOffset() >= until;
            });
  }

  private static PartitionReader reader(
      KafkaTopic topic, Duration idleAfter, IdleAdvances advances, PartitionMark mark)
      throws IOException {
    TopicBlocks split =
        TopicBlocks.of(topic, ReadingsFlow.TIMES, ReadingsFlow.WINDOWS, idleAfter, advances, false)
            .split(1, PipelineOptionsFactory.create())
            .get(1);
    return (PartitionReader) split.createReader(PipelineOptionsFactory.create(), mark);
  }

  private static String at(long second) {
    return Reading.json(START.plusSeconds(second).toString(), "s", 1);
  }

  /** A store whose connection breaks after it has kept what it was given. */
  private static final class LostAnswers implements IdleAdvances {
    private static final long serialVersionUID = 1L;

    private final TreeMap<Long, Long> kept = new TreeMap<>();
    private boolean answersAreLost;

    @Override
    public NavigableMap<Long, Long> recorded(String source) throws IOException {
      answer();
      return kept;
    }

    @Override
    public void record(String source, long atPosition, long watermark) throws IOException {
      kept.put(atPosition, watermark);
      answer();
    }

    private void answer() throws IOException {
      if (answersAreLost) {
        throw new IOException("the connection broke");
      }
    }
  }
}
