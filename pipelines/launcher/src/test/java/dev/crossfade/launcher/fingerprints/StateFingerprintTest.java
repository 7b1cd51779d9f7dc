package dev.crossfade.launcher.fingerprints;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.crossfade.transforms.windows.WindowShape;
import dev.crossfade.transforms.windows.Windowing;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.BigEndianIntegerCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.util.ReleaseInfo;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;

class StateFingerprintTest {
  private static final Duration HOUR = Duration.standardHours(1);

  private static final class Price extends DoFn<KV<String, Integer>, KV<String, Integer>> {
    @StateId("seen")
    private final StateSpec<ValueState<Integer>> seen = StateSpecs.value(VarIntCoder.of());

    private final int factor;

    Price(int factor) {
      this.factor = factor;
    }

    @ProcessElement
    public void process(
        @Element KV<String, Integer> sale,
        @StateId("seen") ValueState<Integer> state,
        OutputReceiver<KV<String, Integer>> out) {
      state.write(sale.getValue());
      out.output(KV.of(sale.getKey(), sale.getValue() * factor));
    }
  }

  private static final class Renamed extends DoFn<KV<String, Integer>, KV<String, Integer>> {
    @StateId("last")
    private final StateSpec<ValueState<Integer>> last = StateSpecs.value(VarIntCoder.of());

    @ProcessElement
    public void process(
        @Element KV<String, Integer> sale,
        @StateId("last") ValueState<Integer> state,
        OutputReceiver<KV<String, Integer>> out) {
      state.write(sale.getValue());
      out.output(sale);
    }
  }

  /** The state of {@link Price}, written in another way. */
  private static final class Recoded extends DoFn<KV<String, Integer>, KV<String, Integer>> {
    @StateId("seen")
    private final StateSpec<ValueState<Integer>> seen =
        StateSpecs.value(BigEndianIntegerCoder.of());

    @ProcessElement
    public void process(
        @Element KV<String, Integer> sale,
        @StateId("seen") ValueState<Integer> state,
        OutputReceiver<KV<String, Integer>> out) {
      state.write(sale.getValue());
      out.output(sale);
    }
  }

  /** A mark with fields. */
  private record Mark(long offset, boolean ended) implements Serializable {}

  /** Has no text but that of any object. */
  private static final class TextlessCoder extends CustomCoder<Integer> {
    @Override
    public void encode(Integer value, OutputStream out) throws IOException {
      out.write(value);
    }

    @Override
    public Integer decode(InputStream in) throws IOException {
      return in.read();
    }
  }

  /** A source of nothing, whose marks are written by a coder. */
  private static final class Marking<T> extends UnboundedSource<Integer, Marking.Kept<T>> {
    private final Coder<T> marks;

    Marking(Coder<T> marks) {
      this.marks = marks;
    }

    @SuppressWarnings("unchecked") // Nothing is ever written by it.
    @Override
    public Coder<Kept<T>> getCheckpointMarkCoder() {
      return (Coder<Kept<T>>) (Coder<?>) marks;
    }

    @Override
    public Coder<Integer> getOutputCoder() {
      return VarIntCoder.of();
    }

    @Override
    public List<Marking<T>> split(int splits, PipelineOptions options) {
      return List.of(this);
    }

    @Override
    public UnboundedReader<Integer> createReader(PipelineOptions options, Kept<T> mark) {
      throw new UnsupportedOperationException("it is not read");
    }

    private interface Kept<T> extends CheckpointMark {}
  }

  /** The logic has changed, and the state fits all the same. */
  @Test
  void aChangedConstantOfAFunctionDoesNotChangeIt() {
    StateFingerprint before = of("Price", new Price(2), HOUR);
    StateFingerprint after = of("Price", new Price(3), HOUR);

    assertThat(after, is(before));
    assertThat(before.differenceTo(after), is(List.of()));
  }

  @Test
  void anotherWindowAnotherStateAndAnotherNameChangeItAndAreNamed() {
    StateFingerprint before = of("Price", new Price(2), HOUR);

    assertChanged(before, of("Price", new Price(2), HOUR.dividedBy(2)), "size=1800000");
    assertChanged(before, of("Price", new Renamed(), HOUR), "keeps state last");
    assertChanged(before, of("Charge", new Price(2), HOUR), "Charge");
  }

  @Test
  void anotherCoderOfAnAccumulatorChangesIt() {
    assertThat(summing(VarIntCoder.of(), 1).hash(), is(not(summing(VarLongCoder.of(), 1L).hash())));
  }

  @Test
  void otherWindowsOfAFlowChangeItAndAreNamed() {
    StateFingerprint hours = windowed(new WindowShape.Fixed(java.time.Duration.ofHours(1)));

    assertThat(windowed(new WindowShape.Fixed(java.time.Duration.ofMinutes(60))), is(hours));
    assertChanged(
        hours, windowed(new WindowShape.Fixed(java.time.Duration.ofMinutes(30))), "PT30M");
    assertChanged(
        hours, windowed(new WindowShape.LocalDay(ZoneId.of("Europe/Berlin"))), "Europe/Berlin");
  }

  /** In Beam a read of an unbounded source is a composite, and its mark is kept all the same. */
  @Test
  void anotherCoderOfASourcesMarksChangesItAndIsNamed() {
    StateFingerprint ints = reading(VarIntCoder.of());

    assertThat(reading(VarIntCoder.of()), is(ints));
    assertChanged(
        ints, reading(BigEndianIntegerCoder.of()), "Read keeps marks by BigEndianInteger");
  }

  /** What Java serializes changes with the class, although the coder's name does not. */
  @Test
  void theFieldsOfAMarkThatJavaSerializesAreAPartOfIt() {
    assertThat(
        reading(SerializableCoder.of(Mark.class)).description(),
        containsString("StateFingerprintTest$Mark)[Z ended, J offset]"));
  }

  /** A coder without a text of its own has another one in every process. */
  @Test
  void aCoderWithoutATextIsNamedByItsClass() {
    StateFingerprint first = reading(new TextlessCoder());

    assertThat(reading(new TextlessCoder()), is(first));
    assertThat(
        first.description(), containsString("keeps marks by " + TextlessCoder.class.getName()));
    assertThat(first.description(), not(containsString("@")));
  }

  @Test
  void anotherCoderOfAStateChangesItAndIsNamed() {
    StateFingerprint before = of("Price", new Price(2), HOUR);

    assertChanged(before, of("Price", new Recoded(), HOUR), "by BigEndianIntegerCoder");
  }

  /** Beam promises nobody that a later version reads the state of an earlier one. */
  @Test
  void theVersionOfBeamIsAPartOfIt() {
    StateFingerprint now = of("Price", new Price(2), HOUR);
    String version = "Beam " + ReleaseInfo.getReleaseInfo().getVersion();
    StateFingerprint before =
        StateFingerprint.ofDescription(now.description().replace(version, "Beam 2.1.0"));

    assertThat(before.hash(), is(not(now.hash())));
    assertThat(before.differenceTo(now), is(List.of("- Beam 2.1.0", "+ " + version)));
  }

  @Test
  void itComesBackFromItsDescription() {
    StateFingerprint before = of("Price", new Price(2), HOUR);
    assertThat(StateFingerprint.ofDescription(before.description()), is(before));
  }

  private static void assertChanged(StateFingerprint before, StateFingerprint after, String named) {
    assertThat(after.hash(), is(not(before.hash())));
    List<String> difference = before.differenceTo(after);
    assertThat(difference, hasItem(containsString(named)));
  }

  private static StateFingerprint of(
      String name, DoFn<KV<String, Integer>, KV<String, Integer>> fn, Duration window) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    pipeline
        .apply("Read", Create.of(KV.of("a", 1)))
        .apply("Window", Window.into(FixedWindows.of(window)))
        .apply(name, ParDo.of(fn))
        .apply("Sum", Sum.integersPerKey());
    return StateFingerprint.of(pipeline);
  }

  private static StateFingerprint windowed(WindowShape shape) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    Windowing windowing =
        new Windowing(
            shape,
            java.time.Duration.ZERO,
            java.time.Duration.ZERO,
            java.time.Duration.ofSeconds(1));
    pipeline.apply("Read", Create.of(1)).apply("Window", windowing.into());
    return StateFingerprint.of(pipeline);
  }

  private static StateFingerprint reading(Coder<?> marks) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    pipeline.apply("Read", Read.from(new Marking<>(marks)));
    return StateFingerprint.of(pipeline);
  }

  private static <T> StateFingerprint summing(Coder<T> coder, T value) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    pipeline.apply("Read", Create.of(List.of(value)).withCoder(coder));
    return StateFingerprint.of(pipeline);
  }
}
