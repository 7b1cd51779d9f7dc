package dev.crossfade.transforms.aggregation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.crossfade.transforms.records.Event;
import dev.crossfade.transforms.records.Origin;
import dev.crossfade.transforms.results.ByteBuilder;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.TypedRow;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What lets order, batching and retries not show in a result. */
final class FoldingLawsTest {
  /** An event with a value to fold. */
  public record Reading(String sensor, int value) {}

  private final Aggregation<Reading> aggregation =
      Aggregation.over(Reading.class)
          .key("sensor", ColumnType.TEXT, Reading::sensor)
          .count("readings")
          .countWhere("high", reading -> reading.value() > 0)
          .sum("total", Reading::value)
          .sum("cents", 2, reading -> BigDecimal.valueOf(reading.value(), 2))
          .mean("mean", 3, Reading::value)
          .max("most", Reading::value)
          .min("least", Reading::value);

  private final TypedRow key = aggregation.keyOf(new Reading("a", 0));

  @Property
  void foldingInPartsInAnyOrderIsFoldingAtOnce(
      @ForAll @Size(max = 30) List<@IntRange(min = -50, max = 50) Integer> values,
      @ForAll long seed) {
    List<Integer> shuffled = new ArrayList<>(values);
    Collections.shuffle(shuffled, new Random(seed));
    int cut = values.isEmpty() ? 0 : Math.floorMod((int) seed, values.size());
    Partial parts =
        fold(shuffled.subList(cut, shuffled.size()), 1).plus(fold(shuffled.subList(0, cut), 1));
    assertThat(parts, is(fold(values, 1)));
  }

  @Property
  void takingEventsAwayBringsBackWhatWasBeforeButCountsWhatWasFolded(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = -50, max = 50) Integer> kept,
      @ForAll @Size(max = 20) List<@IntRange(min = -50, max = 50) Integer> taken) {
    Partial all = fold(kept, 1).plus(fold(taken, 1)).plus(fold(taken, -1));
    assertThat(aggregation.valuesOf(key, all), is(aggregation.valuesOf(key, fold(kept, 1))));
    assertThat(all.folded(), is(kept.size() + 2L * taken.size()));
    assertThat(all.net(), is((long) kept.size()));
  }

  @Property
  void aPartialSurvivesWritingAndReading(
      @ForAll @Size(max = 20) List<@IntRange(min = -50, max = 50) Integer> values)
      throws IOException {
    Partial partial = fold(values, 1);
    ByteBuilder bytes = new ByteBuilder(16);
    partial.write(bytes);
    assertThat(
        Partial.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))),
        is(partial));
  }

  @Property
  void whereNothingIsLeftThereIsNoRow(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = -50, max = 50) Integer> values) {
    Partial nothing = fold(values, 1).plus(fold(values, -1));
    assertThat(nothing.exists(), is(false));
    assertThat(nothing.folded(), is(2L * values.size()));
  }

  private Partial fold(List<Integer> values, long weight) {
    Accumulation<Reading> accumulation = aggregation.accumulation(key);
    for (int value : values) {
      accumulation.fold(new Event<>(new Reading("a", value), 0, weight, new Origin("test", 0)));
    }
    return accumulation.toPartial();
  }
}
