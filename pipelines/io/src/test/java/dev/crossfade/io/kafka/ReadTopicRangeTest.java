package dev.crossfade.io.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.io.Reading;
import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.transforms.graph.ComputeFlow;
import dev.crossfade.transforms.graph.OriginCounts;
import dev.crossfade.transforms.records.SourceRange;
import dev.crossfade.transforms.testing.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.beam.sdk.Pipeline;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

/** What the broker says is in a topic, and what a bounded run makes of it. */
class ReadTopicRangeTest {
  @Test
  void theGraphAccountsForAsManyOffsetsAsTheBrokerSaysWhateverTheyHold() throws Exception {
    KafkaTopic topic = Topics.create(3);
    fill(topic, 0);
    fill(topic, 1);
    Topics.deleteBefore(topic, 1, 3);

    TopicRanges ranges = TopicRanges.of(topic);
    Outcome outcome = run(topic, ranges.partitions());

    List<SourceRange> sources = ranges.sources(topic.name());
    assertThat(
        sources.stream()
            .map(source -> source.source() + source.first() + "-" + source.end())
            .toList(),
        is(List.of(topic.name() + "[0]0-9", topic.name() + "[1]3-9", topic.name() + "[2]0-0")));
    for (SourceRange source : sources) {
      assertThat(source.identity(), is(ranges.topicId()));
      OriginCounts counts = outcome.origins().getOrDefault(source.source(), OriginCounts.NOTHING);
      assertThat(source.source(), counts.positions(), is(source.end() - source.first()));
      assertThat(counts.nextPosition(), is(source.end()));
    }
    assertThat(outcome.unaccounted().toString(), outcome.unaccounted().isEmpty(), is(true));
  }

  @Test
  void noRecordIsLateHoweverFarBackItComes() throws Exception {
    KafkaTopic topic = Topics.create(1);
    fill(topic, 0);

    Outcome outcome = run(topic, TopicRanges.of(topic).partitions());

    assertThat(outcome.late().isEmpty(), is(true));
    assertThat(outcome.rows().values().stream().mapToLong(row -> row.bigint(1)).sum(), is(3L));
  }

  @Test
  void aPartOfTheLogIsReadAndNothingBesideIt() throws Exception {
    KafkaTopic topic = Topics.create(1);
    fill(topic, 0);

    // From the second record to before the mark of the transaction, in pieces of any size.
    for (long most : new long[] {1, 2, 100}) {
      Outcome outcome = run(ReadTopicRange.cut(List.of(new PartitionRange(0, 1, 5)), most), topic);

      assertThat(
          outcome.origins(), is(Map.of(topic.name() + "[0]", new OriginCounts(1, 0, 1, 2, 5))));
    }
    assertThat(
        ReadTopicRange.cut(List.of(new PartitionRange(2, 5, 10), new PartitionRange(3, 7, 7)), 2),
        is(
            List.of(
                new PartitionRange(2, 5, 7),
                new PartitionRange(2, 7, 9),
                new PartitionRange(2, 9, 10))));
  }

  @Test
  void deletedOffsetsFailAndAreNotJumped() throws Exception {
    KafkaTopic topic = Topics.create(1);
    fill(topic, 0);
    List<PartitionRange> before = TopicRanges.of(topic).partitions();
    Topics.deleteBefore(topic, 0, 2);

    RuntimeException failure = assertThrows(RuntimeException.class, () -> run(topic, before));

    assertThat(
        failure.getCause().getMessage(),
        containsString(topic.name() + "[0] no longer has offset 0: records were deleted"));
  }

  @Test
  void aTopicMadeAnewIsAnotherAndOneThatIsNotThereFails() throws Exception {
    KafkaTopic topic = Topics.create(1);
    String before = TopicRanges.of(topic).topicId();
    Topics.delete(topic);

    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> TopicRanges.of(topic));
    assertThat(failure.getCause().getClass(), is(UnknownTopicOrPartitionException.class));

    Topics.create(topic.name(), 1);
    assertThat(TopicRanges.of(topic).topicId(), is(not(before)));
  }

  /** Two records and garbage, a tombstone, two records that are taken back and the mark of that. */
  private static void fill(KafkaTopic topic, int partition) throws Exception {
    List<String> values = new ArrayList<>();
    values.add(at("05:00:00"));
    values.add("garbage");
    values.add(null);
    values.add(at("04:00:00"));
    Topics.append(topic, partition, values);
    Topics.appendAndAbort(topic, partition, List.of(at("06:00:00"), at("06:00:00")));
    Topics.append(topic, partition, List.of(at("01:00:00")));
    Topics.appendAndAbort(topic, partition, List.of());
    List<String> end = new ArrayList<>();
    end.add(null);
    Topics.append(topic, partition, end);
  }

  private static String at(String time) {
    return Reading.json("2001-02-03T" + time + "Z", "s", 1);
  }

  private static Outcome run(KafkaTopic topic, List<PartitionRange> ranges) {
    return run(ranges, topic);
  }

  private static Outcome run(List<PartitionRange> ranges, KafkaTopic topic) {
    Pipeline pipeline = Pipeline.create();
    return Outcome.of(
        pipeline,
        pipeline
            .apply(ReadTopicRange.of(topic, ReadingsFlow.TIMES, ranges))
            .apply(ComputeFlow.of(ReadingsFlow.plan(), ReadTopicRange.format())));
  }
}
