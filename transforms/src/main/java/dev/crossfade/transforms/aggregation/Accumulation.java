package dev.crossfade.transforms.aggregation;

import dev.crossfade.transforms.aggregation.Aggregation.Aggregate;
import dev.crossfade.transforms.aggregation.Aggregation.Slots;
import dev.crossfade.transforms.records.Event;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Events being folded for one key and window, before they are shuffled. It is mutable and never
 * leaves the step that made it: what is shuffled and kept in state is the immutable {@link
 * Partial}.
 *
 * @param <E> the event's type
 */
public final class Accumulation<E> {
  private final List<Aggregate<E>> aggregates;
  private final Slots slots;
  private final Identity<E> identity;
  private final IdentifiedEvents.Collector identified;
  private final Object[] read;

  /** The sums; of events with ids, what the one at hand adds. */
  private final long[] longs;

  private final BigDecimal[] decimals;

  /** If events have no ids. */
  private final TreeMap<Integer, Long>[] tallies;

  /** If they have, the value of the event at hand in each of the tallies. */
  private final int[] tallied;

  private long folded;
  private long net;

  @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no generic arrays.
  Accumulation(List<Aggregate<E>> aggregates, Slots slots, Identity<E> identity) {
    this.aggregates = aggregates;
    this.slots = slots;
    this.identity = identity;
    this.read = new Object[aggregates.size()];
    this.longs = new long[slots.longs()];
    this.decimals = new BigDecimal[slots.decimals()];
    Arrays.fill(decimals, BigDecimal.ZERO);
    this.identified = identity.isKnown() ? new IdentifiedEvents.Collector(slots) : null;
    this.tallies = new TreeMap[identity.isKnown() ? 0 : slots.tallies()];
    Arrays.setAll(tallies, i -> new TreeMap<>());
    this.tallied = new int[slots.tallies()];
  }

  /**
   * Folds one event.
   *
   * @throws RuntimeException what the flow's own functions throw; nothing was folded then
   */
  public void fold(Event<E> event) {
    for (int i = 0; i < read.length; i++) {
      read[i] = aggregates.get(i).read(event.value());
    }
    if (identity.isKnown()) {
      byte[] id = identity.idOf(event);
      long version = identity.versionOf(event);
      long[] content = identity.contentOf(event);
      Arrays.fill(longs, 0);
      Arrays.fill(decimals, BigDecimal.ZERO);
      add(event.weight());
      identified.add(id, version, content[0], content[1], event.weight(), longs, decimals, tallied);
    } else {
      add(event.weight());
    }
  }

  private void add(long weight) {
    folded += Math.abs(weight);
    net += weight;
    for (int i = 0; i < read.length; i++) {
      aggregates.get(i).fold(read[i], weight, this);
    }
  }

  /** What was folded so far; of events with ids it can be asked once. */
  public Partial toPartial() {
    return identity.isKnown() ? Partial.of(identified, slots) : sums();
  }

  private Partial sums() {
    Tally[] frozen = new Tally[tallies.length];
    Arrays.setAll(frozen, i -> Tally.of(tallies[i]));
    return Partial.of(folded, net, longs.clone(), decimals.clone(), frozen);
  }

  void add(int slot, long amount) {
    longs[slot] += amount;
  }

  void add(int slot, BigDecimal amount) {
    decimals[slot] = decimals[slot].add(amount);
  }

  void tally(int slot, int value, long weight) {
    if (identified == null) {
      tallies[slot].merge(value, weight, Tally::sumOrNothing);
    } else {
      tallied[slot] = value;
    }
  }
}
