package dev.crossfade.transforms.graph;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import dev.crossfade.transforms.aggregation.Accumulation;
import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.aggregation.Partial;
import dev.crossfade.transforms.records.Event;
import dev.crossfade.transforms.records.Origin;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.TypedRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.transforms.windowing.PaneInfo.Timing;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.OutputBuilder;
import org.apache.beam.sdk.values.WindowedValues;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** Many keys in one element are the same as one element for each of them. */
final class ShardSumsTest {
  /** A sale with an id of its own. */
  public record Item(String id, String shop, int items) {}

  private static final Aggregation<Item> ITEMS =
      Aggregation.over(Item.class)
          .identifiedBy(Item::id)
          .key("shop", ColumnType.TEXT, Item::shop)
          .count("sales")
          .sum("items", Item::items);

  private static final IntervalWindow WINDOW =
      new IntervalWindow(Instant.EPOCH, Duration.standardHours(1));

  @Property
  void inPartsAndInAnyOrderIsEachKeyByItself(@ForAll("items") List<Item> items, @ForAll long seed)
      throws CoderException {
    List<Item> shuffled = new ArrayList<>(items);
    Collections.shuffle(shuffled, new Random(seed));
    Random random = new Random(seed);
    ShardSums parts = ShardSums.NOTHING;
    for (int from = 0; from < shuffled.size(); ) {
      int to = Math.min(shuffled.size(), from + 1 + random.nextInt(5));
      ShardSums part = ShardSums.of(byKey(shuffled.subList(from, to)));
      if (random.nextBoolean()) {
        // As a shuffle or a state gives it back.
        part = copied(part);
      }
      parts = random.nextBoolean() ? parts.plus(part) : part.plus(parts);
      from = to;
    }
    assertThat(parts, is(ShardSums.of(byKey(items))));
    Map<TypedRow, Partial> found = new HashMap<>();
    KeySums merged = parts.merged();
    for (int i = 0; i < merged.size(); i++) {
      found.put(merged.key(i), merged.partial(i));
    }
    assertThat(found, is(byKey(items)));
  }

  @Property
  void itSurvivesItsCoder(@ForAll("items") List<Item> items) throws CoderException {
    ShardSums sums = ShardSums.of(byKey(items));
    ShardSums once = copied(sums);
    assertThat(once, is(sums));
    assertThat("what is still in bytes", copied(once), is(sums));
    assertThat("several parts", copied(once.plus(sums)), is(sums.plus(sums)));
  }

  private static ShardSums copied(ShardSums sums) throws CoderException {
    ShardSumsCoder coder =
        new ShardSumsCoder(new RowCoder(ITEMS.keySchema()), new PartialCoder(ITEMS.layout()));
    return CoderUtils.decodeFromByteArray(coder, CoderUtils.encodeToByteArray(coder, sums));
  }

  /** "Aa" and "BB" are the best known texts of one hash. */
  /** Their hashes are the same, and so is the text of both, with the comma between two values. */
  @Test
  void keysThatLookTheSameAreTwoKeys() {
    Aggregation<Item> byTwo =
        Aggregation.over(Item.class)
            .key("first", ColumnType.TEXT, Item::id)
            .key("second", ColumnType.TEXT, Item::shop)
            .count("sales");
    Map<TypedRow, Partial> sums = new HashMap<>();
    KeySums merged = KeySums.NOTHING;
    for (Item item : List.of(new Item("Eli, ph", "z", 1), new Item("Eli", "ph, z", 1))) {
      Accumulation<Item> accumulation = byTwo.accumulation(byTwo.keyOf(item));
      accumulation.fold(new Event<>(item, 0, 1, new Origin("test", 0)));
      Map<TypedRow, Partial> one = Map.of(byTwo.keyOf(item), accumulation.toPartial());
      sums.putAll(one);
      merged = merged.plus(KeySums.of(one));
    }
    assertThat(sums.keySet().stream().map(TypedRow::hashCode).distinct().count(), is(1L));
    assertThat(sums.keySet().stream().map(TypedRow::toString).distinct().count(), is(1L));
    assertThat(merged.size(), is(2));
    assertThat(merged, is(KeySums.of(sums)));
  }

  @Test
  void keysOfOneHashAreNotOne() {
    List<Item> items = List.of(new Item("1", "Aa", 1), new Item("2", "BB", 2));
    ShardSums apart = ShardSums.of(byKey(items.subList(0, 1)));
    ShardSums other = ShardSums.of(byKey(items.subList(1, 2)));
    assertThat(apart.plus(other).merged().size(), is(2));
    assertThat(apart.plus(other), is(other.plus(apart)));
  }

  @Test
  void keysAreSpreadOverShards() {
    Set<Integer> shards = new TreeSet<>();
    for (int i = 0; i < 1_000; i++) {
      shards.add(ShardSums.shardOf(ITEMS.keyOf(new Item("", "shop-" + i, 1))));
    }
    assertThat(shards.size(), is(greaterThan(50)));
  }

  @Test
  void aPaneShowsWhatIsNewSinceThePaneBefore() {
    ToResultFn<Item> fn = new ToResultFn<>(ITEMS);
    fn.setup();
    ShardSums first = ShardSums.of(byKey(List.of(new Item("1", "a", 1), new Item("2", "b", 2))));
    ShardSums second = first.plus(ShardSums.of(byKey(List.of(new Item("3", "b", 3)))));

    assertThat(shown(fn, first, pane(true, false, 0)), contains("a", "b"));
    assertThat(shown(fn, second, pane(false, false, 1)), contains("b"));
    assertThat(shown(fn, second, pane(false, false, 2)), is(empty()));
    assertThat("repeated", shown(fn, repeated(second), pane(false, false, 3)), contains("a"));

    ToResultFn<Item> restored = new ToResultFn<>(ITEMS);
    restored.setup();
    assertThat(shown(restored, second, pane(false, true, 3)), contains("a", "b"));
  }

  /** A repetition changes no sum, and its count is a part of the row. */
  private static ShardSums repeated(ShardSums sums) {
    return sums.plus(ShardSums.of(byKey(List.of(new Item("1", "a", 1)))));
  }

  private static PaneInfo pane(boolean first, boolean last, int index) {
    return PaneInfo.createPane(first, last, Timing.EARLY, index, -1);
  }

  private static List<String> shown(ToResultFn<Item> fn, ShardSums sums, PaneInfo pane) {
    List<String> shops = new ArrayList<>();
    fn.process(
        KV.of(0, sums),
        WINDOW,
        pane,
        new OutputReceiver<>() {
          @Override
          public OutputBuilder<Result> builder(Result result) {
            return WindowedValues.<Result>builder()
                .setValue(result)
                .setTimestamp(Instant.EPOCH)
                .setWindow(WINDOW)
                .setPaneInfo(pane)
                .setReceiver(value -> shops.add(value.getValue().key().text(0)));
          }
        });
    Collections.sort(shops);
    return shops;
  }

  @Provide
  Arbitrary<List<Item>> items() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 30),
            Arbitraries.of("Aa", "BB", "c", "d", "e"),
            Arbitraries.integers().between(0, 3))
        .as((id, shop, items) -> new Item("i" + id, shop, items))
        .list()
        .ofMaxSize(30);
  }

  private static Map<TypedRow, Partial> byKey(List<Item> items) {
    Map<TypedRow, Accumulation<Item>> sums = new HashMap<>();
    for (Item item : items) {
      TypedRow key = ITEMS.keyOf(item);
      sums.computeIfAbsent(key, ITEMS::accumulation)
          .fold(new Event<>(item, 0, 1, new Origin("test", 0)));
    }
    Map<TypedRow, Partial> partials = new HashMap<>();
    sums.forEach((key, sum) -> partials.put(key, sum.toPartial()));
    return partials;
  }
}
