package dev.crossfade.transforms.graph;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.BlockCoder;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.testing.Outcome;
import dev.crossfade.transforms.windows.PartitionWatermark;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** One test for each kind of lateness there is. Windows are 10 minutes, allowed lateness is 5. */
final class LatenessTest {
  private static final RecordFormat JSON = new RecordFormat.Json();

  private final FlowPlan<Sale> plan = SalesFlow.plan(Duration.ZERO, Duration.ofMinutes(5));
  private final PartitionWatermark watermark =
      new PartitionWatermark(plan.windowing(), PartitionWatermark.NONE);
  private TestStream.Builder<Block> stream =
      TestStream.create(BlockCoder.of()).advanceWatermarkTo(at("09:59"));
  private long offset;

  @Test
  void onTimeEventsGiveOneResultWhenTheWindowEnds() {
    sale("10:01", 1);
    sale("10:02", 2);
    watermarkTo("10:10");
    Outcome outcome = run();
    assertThat(itemsOf(outcome.panes()), contains(3L));
    assertThat(outcome.late(), is(empty()));
  }

  @Test
  void anOpenWindowShowsASpeculativeResult() {
    sale("10:01", 1);
    stream = stream.advanceProcessingTime(org.joda.time.Duration.standardSeconds(2));
    sale("10:02", 2);
    watermarkTo("10:10");
    assertThat(itemsOf(run().panes()), contains(1L, 3L));
  }

  @Test
  void anEarlyResultThatNothingFollowsIsShownOnceAndNeverEmpty() {
    sale("10:01", 1);
    for (int i = 0; i < 3; i++) {
      stream = stream.advanceProcessingTime(org.joda.time.Duration.standardSeconds(2));
    }
    watermarkTo("10:10");
    watermarkTo("10:15");
    assertThat(itemsOf(run().panes()), contains(1L));
  }

  @Test
  void anEventBehindTheWatermarkInAnOpenWindowIsNotSeenToBeLate() {
    sale("10:01", 1);
    watermarkTo("10:09");
    sale("10:02", 2);
    watermarkTo("10:10");
    assertThat(itemsOf(run().panes()), contains(3L));
  }

  @Test
  void anEventBehindTheWindowsEndCorrectsTheResult() {
    sale("10:01", 1);
    watermarkTo("10:12");
    sale("10:02", 2);
    Outcome outcome = run();
    assertThat(itemsOf(outcome.panes()), contains(1L, 3L));
    assertThat(outcome.late(), is(empty()));
  }

  @Test
  void anEventAfterTheClosingIsKeptAsLateWithItsOriginAndHowLateItWas() {
    sale("10:01", 1);
    watermarkTo("10:16");
    sale("10:02", 2);
    Outcome outcome = run();
    assertThat(itemsOf(outcome.panes()), contains(1L));
    assertThat(outcome.late(), hasSize(1));
    LateRecord late = outcome.late().get(0);
    assertThat(late.origin().toString(), is("test[0]:2"));
    assertThat(late.behind(), is(Duration.ofMinutes(1)));
    assertThat(late.window().start(), is(java.time.Instant.parse("2001-05-01T10:00:00Z")));
  }

  @Test
  void atTheVeryInstantOfTheClosingAnEventIsLate() {
    sale("10:01", 1);
    watermarkTo("10:15");
    sale("10:02", 2);
    assertThat(run().late(), hasSize(1));
  }

  @Test
  void aMillisecondBeforeTheClosingAnEventIsInTimeAndTheRunnerKeepsIt() {
    sale("10:01", 1);
    watermarkTo("10:14:59.999");
    sale("10:02", 2);
    Outcome outcome = run();
    assertThat(outcome.late(), is(empty()));
    assertThat(itemsOf(outcome.panes()), contains(1L, 3L));
  }

  @Test
  void aWatermarkThatJumpsToTheEndOfTimeFiresNoEmptyPane() {
    sale("10:01", 1);
    watermarkTo("10:12");
    assertThat(itemsOf(run().panes()), contains(1L));
  }

  private void sale(String time, int items) {
    long millis = at(time).getMillis();
    long late = watermark.admit(millis) ? Block.IN_TIME : watermark.millis();
    byte[] bytes =
        Sale.json(at(time).toString(), "a", items, "1.00").getBytes(StandardCharsets.UTF_8);
    Block.Builder block = new Block.Builder("test[0]", "");
    block.add(offset++, millis, late, bytes, 0, bytes.length);
    stream = stream.addElements(TimestampedValue.of(block.build(), at(time)));
  }

  /** Moves the watermark as a partition does: by a record of another window that is that new. */
  private void watermarkTo(String time) {
    watermark.advanceTo(at(time).getMillis());
    offset++;
    stream = stream.advanceWatermarkTo(at(time));
  }

  private Outcome run() {
    Pipeline pipeline = Pipeline.create();
    return Outcome.of(
        pipeline,
        pipeline.apply(stream.advanceWatermarkToInfinity()).apply(ComputeFlow.of(plan, JSON)));
  }

  private List<Long> itemsOf(List<Result> panes) {
    int items = plan.table().values().indexOf("items");
    return panes.stream().map(result -> result.values().bigint(items)).toList();
  }

  private static Instant at(String time) {
    return Instant.parse("2001-05-01T" + (time.length() == 5 ? time + ":00" : time) + "Z");
  }
}
