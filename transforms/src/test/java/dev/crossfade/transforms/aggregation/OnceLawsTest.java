package dev.crossfade.transforms.aggregation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.transforms.records.Event;
import dev.crossfade.transforms.records.Nullable;
import dev.crossfade.transforms.records.Origin;
import dev.crossfade.transforms.results.ByteBuilder;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.Conflict;
import dev.crossfade.transforms.results.TypedRow;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What lets an event count once, and neither order nor batching decide which of two it is. */
final class OnceLawsTest {
  /** An event with an id; a greater version is a newer one. */
  public record Order(@Nullable String id, long version, int items) {}

  private final Aggregation<Order> once =
      Aggregation.over(Order.class)
          .key("all", ColumnType.TEXT, order -> "all")
          .count("orders")
          .sum("items", Order::items)
          .sum("cents", 2, order -> BigDecimal.valueOf(order.items(), 2))
          .max("most", Order::items)
          .identifiedBy(Order::id)
          .versionedBy(Order::version);

  private final TypedRow key = once.keyOf(new Order("", 0, 0));

  @Property
  void inPartsAndInAnyOrderIsAtOnce(@ForAll("orders") List<Order> orders, @ForAll long seed) {
    List<Order> shuffled = new ArrayList<>(orders);
    Collections.shuffle(shuffled, new Random(seed));
    Random random = new Random(seed);
    Partial parts = Partial.NOTHING;
    for (int from = 0; from < shuffled.size(); ) {
      int to = Math.min(shuffled.size(), from + 1 + random.nextInt(5));
      Partial part = fold(shuffled.subList(from, to));
      parts = random.nextBoolean() ? parts.plus(part) : part.plus(parts);
      from = to;
    }
    assertThat(parts, is(fold(orders)));
  }

  /** A change of a table takes the old row away and adds the new one, under one id. */
  @Property
  void whatEachWeighsIsKept(
      @ForAll("orders") List<Order> orders,
      @ForAll List<@IntRange(min = -2, max = 2) Integer> weights)
      throws IOException {
    List<Event<Order>> events = new ArrayList<>();
    for (int i = 0; i < Math.min(orders.size(), weights.size()); i++) {
      // Nothing has no weight.
      int weight = weights.get(i) == 0 ? 1 : weights.get(i);
      events.add(new Event<>(orders.get(i), 0, weight, new Origin("test", 0)));
    }
    Partial parts = Partial.NOTHING;
    for (Event<Order> event : events) {
      parts = parts.plus(foldEvents(List.of(event)));
    }
    assertThat(parts, is(foldEvents(events)));
    assertThat(parts.plus(Partial.NOTHING), is(written(parts)));
  }

  private static Partial written(Partial partial) throws IOException {
    ByteBuilder bytes = new ByteBuilder(16);
    partial.write(bytes);
    return Partial.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }

  @Property
  void oneOfEachIdCountsAndItIsTheNewest(@ForAll("orders") List<Order> orders) {
    Partial sum = fold(orders);
    Map<String, Order> newest = newest(orders);
    assertThat(sum.folded(), is((long) newest.size()));
    assertThat(sum.folded() + sum.duplicates(), is((long) orders.size()));
    if (sum.exists()) {
      TypedRow row = once.valuesOf(key, sum);
      assertThat(row.bigint(0), is((long) newest.size()));
      assertThat(row.bigint(1), is(newest.values().stream().mapToLong(Order::items).sum()));
      assertThat(
          row.bigint(3), is(newest.values().stream().mapToLong(Order::items).max().orElseThrow()));
    }
  }

  @Property
  void theOthersAreConflictsOnceEachIfTheyDiffer(@ForAll("orders") List<Order> orders) {
    Set<Order> different = new HashSet<>(orders);
    different.removeAll(newest(orders).values());
    List<Conflict> conflicts = fold(orders).conflicts();
    assertThat(conflicts.size(), is(different.size()));
    assertThat(
        conflicts.stream().map(Conflict::id).collect(Collectors.toSet()),
        is(different.stream().map(Order::id).collect(Collectors.toSet())));
  }

  @Property
  void itSurvivesWritingAndReading(@ForAll("orders") List<Order> orders) throws IOException {
    Partial partial = fold(orders);
    assertThat(written(partial), is(partial));
  }

  @Test
  void ofTwoOfOneVersionTheSameOneCountsWhicheverComesFirst() {
    Order few = new Order("a", 1, 2);
    Order many = new Order("a", 1, 3);
    assertThat(fold(List.of(few, many)), is(fold(List.of(many, few))));
  }

  @Test
  void anEventWithoutAnIdIsRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> fold(List.of(new Order(null, 1, 2))));
    assertThat(refused.getMessage(), containsString("the event's id is null"));
  }

  @Provide
  Arbitrary<List<Order>> orders() {
    // Few ids and versions, so that they meet. Of one version there is one content here; which of
    // two contents counts is decided by a digest that the tests do not compute again.
    return Combinators.combine(
            Arbitraries.of("a", "b", "c", "d"), Arbitraries.longs().between(0, 3))
        .as((id, version) -> new Order(id, version, (int) (id.charAt(0) * 10 + version * 7 % 5)))
        .list()
        .ofMaxSize(25);
  }

  private static Map<String, Order> newest(Collection<Order> orders) {
    Map<String, Order> newest = new TreeMap<>();
    for (Order order : orders) {
      newest.merge(order.id(), order, (a, b) -> a.version() >= b.version() ? a : b);
    }
    return newest;
  }

  private Partial fold(List<Order> orders) {
    return foldEvents(
        orders.stream().map(order -> new Event<>(order, 0, 1, new Origin("test", 0))).toList());
  }

  private Partial foldEvents(List<Event<Order>> events) {
    Accumulation<Order> accumulation = once.accumulation(key);
    events.forEach(accumulation::fold);
    return accumulation.toPartial();
  }
}
