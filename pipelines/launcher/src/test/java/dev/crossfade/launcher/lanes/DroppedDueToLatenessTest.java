package dev.crossfade.launcher.lanes;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** Graphs of the kind that Crossfade never builds: they leave it to the runner what is late. */
class DroppedDueToLatenessTest {
  private static final Duration HOUR = Duration.standardHours(1);
  private static final Instant NOON = Instant.parse("2001-03-05T12:00:00Z");

  @Test
  void aRunFailsWhoseGroupingHasDroppedSomething() {
    VerbException e =
        assertThrows(
            VerbException.class,
            () -> PipelineRun.execute(pipeline(2, GroupByKey.create()), "the lane x of y"));

    assertThat(e.exitCode(), is(ExitCode.FAILED));
    assertThat(
        e.getMessage(),
        startsWith("the lane x of y failed: DroppedDueToLateness is 2; the runner"));
  }

  @Test
  void aRunFailsWhoseStateHasDroppedSomething() {
    VerbException e =
        assertThrows(
            VerbException.class,
            () -> PipelineRun.execute(pipeline(3, ParDo.of(new LastFn())), "the lane x of y"));

    assertThat(
        e.getMessage(),
        startsWith("the lane x of y failed: DroppedDueToLateness is 3; the runner"));
  }

  @Test
  void aRunSucceedsThatHasDroppedNothing() {
    assertThat(
        DroppedDueToLateness.of(
            PipelineRun.execute(pipeline(0, GroupByKey.create()), "the lane x of y")),
        is(0L));
  }

  /** Elements of which some come an hour after their window has ended. */
  private static <T> Pipeline pipeline(
      int late, PTransform<? super PCollection<KV<String, Integer>>, PCollection<T>> step) {
    TestStream.Builder<KV<String, Integer>> elements =
        TestStream.create(KvCoder.of(StringUtf8Coder.of(), VarIntCoder.of()))
            .advanceWatermarkTo(NOON)
            .addElements(TimestampedValue.of(KV.of("a", 0), NOON))
            .advanceWatermarkTo(NOON.plus(HOUR).plus(HOUR));
    for (int i = 1; i <= late; i++) {
      elements = elements.addElements(TimestampedValue.of(KV.of("a", i), NOON));
    }
    Pipeline pipeline = Pipeline.create(RunnerOptions.parse(List.of()));
    pipeline
        .apply(elements.advanceWatermarkToInfinity())
        .apply(Window.into(FixedWindows.of(HOUR)))
        .apply(step);
    return pipeline;
  }

  private static final class LastFn extends DoFn<KV<String, Integer>, Integer> {
    private static final long serialVersionUID = 1L;
    private static final String LAST = "last";

    @StateId(LAST)
    private final StateSpec<ValueState<Integer>> lastSpec = StateSpecs.value(VarIntCoder.of());

    @ProcessElement
    public void process(
        @Element KV<String, Integer> element, @StateId(LAST) ValueState<Integer> last) {
      last.write(element.getValue());
    }
  }
}
