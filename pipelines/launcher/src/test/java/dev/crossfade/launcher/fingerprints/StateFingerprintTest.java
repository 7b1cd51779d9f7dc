package dev.crossfade.launcher.fingerprints;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.crossfade.transforms.windows.WindowShape;
import dev.crossfade.transforms.windows.Windowing;
import java.time.ZoneId;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
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

  private static <T> StateFingerprint summing(Coder<T> coder, T value) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    pipeline.apply("Read", Create.of(List.of(value)).withCoder(coder));
    return StateFingerprint.of(pipeline);
  }
}
