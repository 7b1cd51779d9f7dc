package dev.crossfade.transforms.aggregation;

import dev.crossfade.transforms.results.ByteBuilder;
import dev.crossfade.transforms.results.Conflict;
import java.io.DataInput;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * The events of one key and window, folded. Immutable, because a runner may keep the very object in
 * its state and hand it out again after a restore. {@link #plus} is commutative and associative.
 *
 * <p>Where events have an id, each that counts is kept with what it adds, in the order of the ids,
 * so that its repetition is known and it can be taken back.
 */
public final class Partial implements Serializable {
  /** No events: adding it changes nothing. */
  public static final Partial NOTHING =
      new Partial(
          0, 0, 0, new long[0], new BigDecimal[0], new Tally[0], IdentifiedEvents.NONE, List.of());

  private static final long serialVersionUID = 1L;

  private final long folded;
  private final long net;
  private final long duplicates;
  private final long[] longs;
  private final BigDecimal[] decimals;
  private final Tally[] tallies;
  private final IdentifiedEvents identified;
  private final List<Conflict> conflicts;

  private Partial(
      long folded,
      long net,
      long duplicates,
      long[] longs,
      BigDecimal[] decimals,
      Tally[] tallies,
      IdentifiedEvents identified,
      List<Conflict> conflicts) {
    this.folded = folded;
    this.net = net;
    this.duplicates = duplicates;
    this.longs = longs;
    this.decimals = decimals;
    this.tallies = tallies;
    this.identified = identified;
    this.conflicts = conflicts;
  }

  /** Events that are all different ones. */
  static Partial of(long folded, long net, long[] longs, BigDecimal[] decimals, Tally[] tallies) {
    return new Partial(folded, net, 0, longs, decimals, tallies, IdentifiedEvents.NONE, List.of());
  }

  /** Events with ids, in any order, of which some may be the same one. */
  static Partial of(IdentifiedEvents.Collector events, Aggregation.Slots slots) {
    Lost lost = new Lost();
    IdentifiedEvents counting = events.toSorted(lost);
    if (counting.isEmpty()) {
      return NOTHING;
    }
    long folded = 0;
    long net = 0;
    long[] longs = new long[slots.longs()];
    BigDecimal[] decimals = new BigDecimal[slots.decimals()];
    Arrays.fill(decimals, BigDecimal.ZERO);
    for (int event = 0; event < counting.size(); event++) {
      folded += Math.abs(counting.weight(event));
      net += counting.weight(event);
      for (int slot = 0; slot < longs.length; slot++) {
        longs[slot] += counting.longs(event, slot, longs.length);
      }
      for (int slot = 0; slot < decimals.length; slot++) {
        decimals[slot] = decimals[slot].add(counting.decimals(event, slot, decimals.length));
      }
    }
    Tally[] tallies = new Tally[slots.tallies()];
    Arrays.setAll(tallies, slot -> Tally.of(counting, slot, tallies.length));
    return new Partial(
        folded,
        net,
        lost.duplicates,
        longs,
        decimals,
        tallies,
        counting,
        with(List.of(), lost.conflicts));
  }

  /** Events that do not count. */
  private static final class Lost implements IdentifiedEvents.Repeated {
    private final List<One> all = new ArrayList<>();
    private final List<Conflict> conflicts = new ArrayList<>();
    private long duplicates;

    private record One(IdentifiedEvents among, int event) {}

    @Override
    public void add(IdentifiedEvents among, int event, boolean differs) {
      all.add(new One(among, event));
      duplicates += Math.abs(among.weight(event));
      if (differs) {
        conflicts.add(among.toConflict(event));
      }
    }
  }

  /** Each conflict once, in order; those that are known are so already. */
  private static List<Conflict> with(List<Conflict> known, List<Conflict> more) {
    if (more.isEmpty()) {
      return known;
    }
    TreeSet<Conflict> all = new TreeSet<>(known);
    all.addAll(more);
    return List.copyOf(all);
  }

  /**
   * How many events were folded and count: the sum of |weight|. It is counted in the same state as
   * the aggregates, so that it tells what came out and not what went in.
   */
  public long folded() {
    return folded;
  }

  /** How many events were not folded, or taken back, since another one of their id counts. */
  public long duplicates() {
    return duplicates;
  }

  /** All events that came, folded or not; it only grows, and so it tells which is newer. */
  public long absorbed() {
    return folded + duplicates;
  }

  /** The events that do not count since another one of their id, which differs, does. */
  public List<Conflict> conflicts() {
    return conflicts;
  }

  /** The sum of the weights: how many events stand. */
  public long net() {
    return net;
  }

  /** Whether any event stands; where none does there is no row. */
  public boolean exists() {
    return net > 0;
  }

  /** Both, folded into one. */
  public Partial plus(Partial other) {
    if (other.absorbed() == 0) {
      return this;
    }
    if (absorbed() == 0) {
      return other;
    }
    long[] sums = longs.clone();
    for (int i = 0; i < sums.length; i++) {
      sums[i] += other.longs[i];
    }
    BigDecimal[] decimalSums = decimals.clone();
    for (int i = 0; i < decimalSums.length; i++) {
      decimalSums[i] = decimalSums[i].add(other.decimals[i]);
    }
    Tally[] tallySums = tallies.clone();
    for (int i = 0; i < tallySums.length; i++) {
      tallySums[i] = tallySums[i].plus(other.tallies[i]);
    }
    Lost lost = new Lost();
    IdentifiedEvents both = identified.plus(other.identified, lost);
    long netOfLost = 0;
    for (Lost.One one : lost.all) {
      netOfLost += one.among().weight(one.event());
      takeBack(one.among(), one.event(), sums, decimalSums, tallySums);
    }
    return new Partial(
        folded + other.folded - lost.duplicates,
        net + other.net - netOfLost,
        duplicates + other.duplicates + lost.duplicates,
        sums,
        decimalSums,
        tallySums,
        both,
        with(with(conflicts, other.conflicts), lost.conflicts));
  }

  /** Takes out of sums what an event has added to them. */
  private static void takeBack(
      IdentifiedEvents of, int event, long[] sums, BigDecimal[] decimalSums, Tally[] tallySums) {
    for (int slot = 0; slot < sums.length; slot++) {
      sums[slot] -= of.longs(event, slot, sums.length);
    }
    for (int slot = 0; slot < decimalSums.length; slot++) {
      decimalSums[slot] = decimalSums[slot].subtract(of.decimals(event, slot, decimalSums.length));
    }
    for (int slot = 0; slot < tallySums.length; slot++) {
      tallySums[slot] =
          tallySums[slot].plus(
              Tally.of(of.tallies(event, slot, tallySums.length), -of.weight(event)));
    }
  }

  long longs(int slot) {
    return longs[slot];
  }

  BigDecimal decimals(int slot) {
    return decimals[slot];
  }

  Tally tallies(int slot) {
    return tallies[slot];
  }

  /** Writes it so that {@link #read} gives an equal one. */
  public void write(ByteBuilder out) {
    out.writeLong(folded);
    out.writeLong(net);
    out.writeLong(duplicates);
    out.writeByte(longs.length);
    for (long value : longs) {
      out.writeLong(value);
    }
    out.writeByte(decimals.length);
    for (BigDecimal value : decimals) {
      IdentifiedEvents.writeDecimal(value, out);
    }
    out.writeByte(tallies.length);
    for (Tally tally : tallies) {
      tally.write(out);
    }
    identified.write(out);
    Conflict.writeAll(conflicts, out);
  }

  /** Reads what {@link #write} wrote. */
  public static Partial read(DataInput in) throws IOException {
    long folded = in.readLong();
    long net = in.readLong();
    long duplicates = in.readLong();
    long[] longs = new long[in.readUnsignedByte()];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = in.readLong();
    }
    BigDecimal[] decimals = new BigDecimal[in.readUnsignedByte()];
    for (int i = 0; i < decimals.length; i++) {
      decimals[i] = IdentifiedEvents.readDecimal(in);
    }
    Tally[] tallies = new Tally[in.readUnsignedByte()];
    for (int i = 0; i < tallies.length; i++) {
      tallies[i] = Tally.read(in);
    }
    IdentifiedEvents identified = IdentifiedEvents.read(in);
    List<Conflict> conflicts = Conflict.readAll(in);
    return new Partial(folded, net, duplicates, longs, decimals, tallies, identified, conflicts);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Partial that
        && folded == that.folded
        && net == that.net
        && duplicates == that.duplicates
        && Arrays.equals(longs, that.longs)
        && Arrays.equals(decimals, that.decimals)
        && Arrays.equals(tallies, that.tallies)
        && identified.equals(that.identified)
        && conflicts.equals(that.conflicts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(new int[] {Long.hashCode(folded), Arrays.hashCode(longs)});
  }

  @Override
  public String toString() {
    return "Partial{folded="
        + folded
        + ", net="
        + net
        + ", duplicates="
        + duplicates
        + ", longs="
        + Arrays.toString(longs)
        + ", decimals="
        + Arrays.toString(decimals)
        + ", tallies="
        + Arrays.toString(tallies)
        + ", conflicts="
        + conflicts
        + "}";
  }
}
